// What every page is framed by: who looks, at what, in which zone and house, and what waits for them.
import type { Language } from '../core/context.ts';
import type { FieldProblem } from '../core/errors.ts';
import type { Role } from '../core/permissions.ts';
import type { Reply } from '../core/reply.ts';
import type { MenuEntry } from './menu.ts';

/** Path parameters and the query string of a page, as plain text. */
export type Query = Readonly<Record<string, string>>;

/** What became of the form that led here: shown once, above the page. */
export interface Flash {
  /** `status` is read out politely; `alert` interrupts. */
  readonly role: 'status' | 'alert';
  readonly reply: Reply;
  /** Finds a failure in the logs. */
  readonly requestId?: string | undefined;
  /** The form that was refused: what was given comes back with its problems beside the fields. */
  readonly form?: RefusedForm | undefined;
}

export interface RefusedForm {
  readonly operation: string;
  /** As posted, without the fields that start with an underscore; sensitive ones left out. */
  readonly input: Readonly<Record<string, string>>;
  readonly problems: readonly FieldProblem[];
}

export interface Frame {
  /** Null before sign-in: there is then no menu and no sign-out. */
  readonly person: { readonly name: string; readonly role: Role } | null;
  readonly tenant: string;
  readonly environment: 'sandbox' | 'production';
  /** IANA time zone of the reader. */
  readonly zone: string;
  readonly language: Language;
  readonly menu: readonly MenuEntry[];
  readonly csrfToken: string;
  /** The path of this page, such as `/admin/tasks`. */
  readonly path: string;
  /** The query string of this page: sort links, filters, polling and the way back are made from it. */
  readonly query: Query;
  readonly now: Date;
  /** A new effect key for each form that is drawn. */
  readonly freshEffect: () => string;
  readonly flash?: Flash | undefined;
}

/** The address of this page with some of its query changed; undefined takes a key out. */
export function addressOf(frame: Frame, change: Readonly<Record<string, string | undefined>> = {}): string {
  const merged = Object.entries({ ...frame.query, ...change });
  const query = new URLSearchParams();
  for (const [key, value] of merged) if (value) query.set(key, value);
  return query.size > 0 ? `${frame.path}?${query}` : frame.path;
}
