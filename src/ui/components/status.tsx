// A state is never told by colour alone: a shape and a word go with it.
import type { ReactElement, ReactNode } from 'react';
import { type Status, statusSymbols } from '../../core/reply.ts';

const words: Readonly<Record<Status, string>> = { ok: 'All well', look: 'Worth a look', act: 'Act' };

/** ● ▲ ■ with the word it stands for, or with a word of the page's own. */
export function StatusMark(props: { readonly status: Status; readonly word?: string }): ReactElement {
  return (
    <span className={`status status-${props.status}`}>
      <span className="status-shape" aria-hidden="true">
        {statusSymbols[props.status]}
      </span>{' '}
      {props.word ?? words[props.status]}
    </span>
  );
}

/** A short word in a frame; without a status it is neutral. */
export function Badge(props: { readonly status?: Status; readonly children: ReactNode }): ReactElement {
  return (
    <span className={props.status ? `badge status-${props.status}` : 'badge'}>
      {props.status && (
        <span className="status-shape" aria-hidden="true">
          {statusSymbols[props.status]}{' '}
        </span>
      )}
      {props.children}
    </span>
  );
}
