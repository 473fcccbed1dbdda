// The four states of everything that shows data: data, empty, stale and failed, each saying what to do next.
import type { ReactElement, ReactNode } from 'react';
import type { Frame } from '../frame.ts';
import { StatusMark } from './status.tsx';
import { RelativeTime, spanOf } from './time.tsx';

export interface NextStep {
  readonly label: string;
  readonly href: string;
}

export type Loaded<T> =
  | { readonly state: 'data'; readonly value: T; readonly asOf: Date }
  /** Nothing is there: why, and the one thing to do next. */
  | { readonly state: 'empty'; readonly why: string; readonly next?: NextStep }
  /** What was true at `asOf`, and why nothing newer came. */
  | { readonly state: 'stale'; readonly value: T; readonly asOf: Date; readonly reason: string }
  /** What happened in words for people, the reference for the logs, and where to try again. */
  | {
      readonly state: 'failed';
      readonly what: string;
      readonly requestId: string;
      readonly retry: string;
    };

interface LoadedViewProps<T> {
  readonly of: Loaded<T>;
  readonly frame: Frame;
  readonly children: (value: T) => ReactNode;
}

/** Draws the value, or says why there is none; a stale value is drawn with its age and reason above it. */
export function LoadedView<T>({ of, frame, children }: LoadedViewProps<T>): ReactElement {
  switch (of.state) {
    case 'data':
      return <>{children(of.value)}</>;
    case 'empty':
      return <EmptyState why={of.why} next={of.next} />;
    case 'stale':
      return (
        <>
          <StaleNote asOf={of.asOf} reason={of.reason} frame={frame} />
          {children(of.value)}
        </>
      );
    case 'failed':
      return <FailedState what={of.what} requestId={of.requestId} retry={of.retry} />;
  }
}

export function EmptyState(props: {
  readonly why: string;
  readonly next?: NextStep | undefined;
}): ReactElement {
  return (
    <div className="state">
      <p>{props.why}</p>
      {props.next && (
        <p>
          <a href={props.next.href}>{props.next.label}</a>
        </p>
      )}
    </div>
  );
}

export function FailedState(props: {
  readonly what: string;
  readonly requestId: string;
  readonly retry: string;
}): ReactElement {
  return (
    <div className="state state-failed">
      <p>
        <StatusMark status="act" word="Failed" /> {props.what}
      </p>
      <p className="quiet-text">
        <a href={props.retry}>Try again</a>
        {' · '}Reference <code>{props.requestId}</code>
      </p>
    </div>
  );
}

export function StaleNote(props: {
  readonly asOf: Date;
  readonly reason: string;
  readonly frame: Frame;
}): ReactElement {
  const ageSeconds = Math.max(0, (props.frame.now.getTime() - props.asOf.getTime()) / 1000);
  return (
    <p className="stale-note">
      <StatusMark status="look" word={`${spanOf(ageSeconds)} old`} /> {props.reason}
    </p>
  );
}

/** “as of 3 min ago”: every number says when it was true. */
export function AsOf({ at, frame }: { readonly at: Date; readonly frame: Frame }): ReactElement {
  return (
    <>
      as of <RelativeTime at={at} now={frame.now} zone={frame.zone} />
    </>
  );
}
