// How an answer reads: a few blocks that every platform can render, built by small helpers.

/** Inline marks; a bare string is plain text and is escaped by every renderer. */
export type Span =
  | string
  | { readonly bold: string }
  | { readonly code: string }
  | { readonly link: string; readonly href: string };

export type Text = string | readonly Span[];

export interface Field {
  readonly label: string;
  readonly value: Text;
}

export interface Column {
  readonly label: string;
  readonly numeric?: boolean;
}

/** A button names an operation and its input; the door stores that and shows an opaque key. */
export interface Button {
  readonly label: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly style?: 'primary' | 'danger';
  /** The id of the one actor who was asked: nobody else may press it, wherever it is shown. */
  readonly onlyFor?: string;
}

/** One question of a form; `known` is what stands there at first. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly kind: 'text' | 'long' | 'number' | 'choice' | 'yes-no';
  readonly required: boolean;
  readonly choices?: readonly string[];
  readonly known?: string;
}

/** Asks for the arguments of an operation at once, where a platform has forms; `input` is what is settled. */
export interface Form {
  readonly title: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly fields: readonly FormField[];
  readonly submit: string;
  /** The id of the one actor who was asked: nobody else may send it. */
  readonly onlyFor?: string;
}

export type Block =
  | { readonly kind: 'text'; readonly text: Text }
  | { readonly kind: 'fields'; readonly fields: readonly Field[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Text[])[];
    }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  | { readonly kind: 'picture'; readonly alt: string; readonly svg: string }
  | { readonly kind: 'buttons'; readonly buttons: readonly Button[] }
  | { readonly kind: 'form'; readonly form: Form }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'context'; readonly text: Text };

/** ● all well, ▲ worth a look, ■ act. */
export type Status = 'ok' | 'look' | 'act';

export interface Reply {
  readonly status?: Status;
  readonly blocks: readonly Block[];
}

export const statusSymbols: Readonly<Record<Status, string>> = { ok: '●', look: '▲', act: '■' };

/** An answer whose first line is the fact; the rest follows in order. */
export function reply(fact: Text, ...rest: readonly Block[]): Reply {
  return { blocks: [{ kind: 'text', text: fact }, ...rest] };
}

/** The same answer marked with a status symbol. */
export function withStatus(status: Status, answer: Reply): Reply {
  return { ...answer, status };
}

/** The same answer, its buttons and forms for this actor alone; what is for one actor already stays theirs. */
export function boundTo(answer: Reply, actor: string): Reply {
  const bind = <T extends { readonly onlyFor?: string }>(part: T): T => ({ onlyFor: actor, ...part });
  const blocks = answer.blocks.map((block): Block => {
    if (block.kind === 'buttons') return { ...block, buttons: block.buttons.map(bind) };
    return block.kind === 'form' ? { ...block, form: bind(block.form) } : block;
  });
  return { ...answer, blocks };
}

export const text = (value: Text): Block => ({ kind: 'text', text: value });
export const context = (value: Text): Block => ({ kind: 'context', text: value });
export const list = (items: readonly Text[]): Block => ({ kind: 'list', items });
export const buttons = (...all: readonly Button[]): Block => ({ kind: 'buttons', buttons: all });
export const code = (value: string): Block => ({ kind: 'code', text: value });
export const picture = (alt: string, svg: string): Block => ({ kind: 'picture', alt, svg });
export const fields = (entries: Readonly<Record<string, Text>>): Block => ({
  kind: 'fields',
  fields: Object.entries(entries).map(([label, value]) => ({ label, value })),
});
export const table = (columns: readonly Column[], rows: readonly (readonly Text[])[]): Block => ({
  kind: 'table',
  columns,
  rows,
});

export function plainSpans(value: Text): string {
  if (typeof value === 'string') return value;
  return value.map((span) => (typeof span === 'string' ? span : plainSpan(span))).join('');
}

function plainSpan(span: Exclude<Span, string>): string {
  if ('bold' in span) return span.bold;
  if ('code' in span) return span.code;
  return span.link === span.href ? span.href : `${span.link} (${span.href})`;
}
