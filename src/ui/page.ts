// A page is declared like an operation: it loads a model with its services and draws it, and is erased for the door.
import type { ReactElement, ReactNode } from 'react';
import type { Ctx } from '../core/context.ts';
import type { Permission } from '../core/permissions.ts';
import type { Frame, Query } from './frame.ts';
import { type Crumb, renderPage } from './layout.tsx';
import type { MenuPlace } from './menu.ts';

interface Plain {
  /** Express style, such as `/admin/experiments/:key`; path parameters join the query. */
  readonly path: `/${string}`;
  readonly permission: Permission;
  /** Absent: the page is reached from others only. */
  readonly menu?: MenuPlace;
}

/**
 * What a feature writes. `load` asks its services; `view` only draws what was loaded. Write `load` before whatever
 * takes the model (a `title` that is a function, too): TypeScript infers the model in reading order.
 */
export interface DeclaredPage<M, S> extends Plain {
  readonly load: (ctx: Ctx & { readonly services: S }, query: Query) => Promise<M>;
  /** The one `h1`; a function where it names what is shown. */
  readonly title: string | ((model: M) => string);
  readonly view: (model: M, frame: Frame) => ReactElement;
  /** The one primary action, beside the title. */
  readonly action?: (model: M, frame: Frame) => ReactNode;
  /** The pages between Overview and this one. */
  readonly trail?: (model: M) => readonly Crumb[];
  /** What waits here for this person, counted beside the entry in the rail. */
  readonly waiting?: (ctx: Ctx & { readonly services: S }) => Promise<number>;
}

/** What the web server sees. `render` answers the whole document; errors of `load` go through. */
export interface Page<in S> extends Plain {
  readonly render: (
    ctx: Ctx & { readonly services: S },
    query: Query,
    frame: Frame,
  ) => Promise<{ readonly html: string; readonly title: string }>;
  readonly waiting?: (ctx: Ctx & { readonly services: S }) => Promise<number>;
}

/** `pagesOf<Needs>()({…})` declares one page over the services it needs; see operationsOf for why it is curried. */
export const pagesOf =
  <S>() =>
  <M>(declared: DeclaredPage<M, S>): Page<S> => {
    const { title, load, view, action, trail, ...plain } = declared;
    return {
      ...plain,
      render: async (ctx, query, frame) => {
        const model = await load(ctx, query);
        const shown = typeof title === 'string' ? title : title(model);
        const html = renderPage(frame, shown, view(model, frame), {
          action: action?.(model, frame),
          trail: trail?.(model) ?? [],
        });
        return { html, title: shown };
      },
    };
  };
