// A region that keeps itself fresh where there is script, and is simply part of the page where there is none.
import type { ReactElement, ReactNode } from 'react';
import { addressOf, type Frame } from '../frame.ts';

interface PollProps {
  /** Unique on the page. */
  readonly id: string;
  readonly frame: Frame;
  readonly children: ReactNode;
  /** Seconds between two looks; 5 unless told. */
  readonly everySeconds?: number;
}

/**
 * Asks for this page again and takes its own region out of it; the page's ETag makes an unchanged look a 304.
 * The script beside it leaves the region alone while somebody selects, types or is asked something in it.
 */
export function Poll({ id, frame, children, everySeconds = 5 }: PollProps): ReactElement {
  return (
    <div
      id={id}
      data-poll=""
      hx-get={addressOf(frame)}
      hx-trigger={`every ${everySeconds}s`}
      hx-select={`#${id}`}
      hx-target="this"
      hx-swap="outerHTML"
    >
      {children}
    </div>
  );
}
