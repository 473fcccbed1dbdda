// One number on the overview: what it is, since when, whether it is well, and the way to its rows.
import type { ReactElement, ReactNode } from 'react';
import type { Status } from '../../core/reply.ts';
import type { Frame } from '../frame.ts';
import { AsOf, type Loaded, LoadedView, StaleNote } from './loaded.tsx';
import { StatusMark } from './status.tsx';

export interface Figure {
  /** As people write it, such as `₹12,34,567`, `4.8` or `3 of 4`. */
  readonly value: string;
  readonly unit?: string;
  /** What it covers, such as `1–7 Nov` or `today`. */
  readonly period: string;
  /** Where its rows are. */
  readonly href: string;
  readonly status?: Status;
  /** The word for the status, such as `Paused`. */
  readonly word?: string;
  /** One more line, such as a sparkline or the change since the last period. */
  readonly note?: ReactNode;
}

interface TileProps {
  readonly label: string;
  readonly of: Loaded<Figure>;
  readonly frame: Frame;
}

export function Tile({ label, of, frame }: TileProps): ReactElement {
  const shown = of.state === 'data' || of.state === 'stale';
  return (
    <section className={`tile tile-${of.state}`} aria-label={label}>
      <h2 className="tile-label">{label}</h2>
      {shown ? (
        <FigureView label={label} figure={of.value}>
          {of.state === 'stale' && <StaleNote asOf={of.asOf} reason={of.reason} frame={frame} />}
          <p className="quiet-text tile-foot">
            {of.value.period}, <AsOf at={of.asOf} frame={frame} />
          </p>
        </FigureView>
      ) : (
        <LoadedView of={of} frame={frame}>
          {() => null}
        </LoadedView>
      )}
    </section>
  );
}

function FigureView(props: {
  readonly label: string;
  readonly figure: Figure;
  readonly children: ReactNode;
}): ReactElement {
  const { label, figure } = props;
  return (
    <>
      <p className="tile-value">
        <a href={figure.href}>
          {figure.value}
          {figure.unit && <span className="unit"> {figure.unit}</span>}
          <span className="visually-hidden"> {label}: show the rows</span>
        </a>
      </p>
      {figure.status && (
        <p className="tile-status">
          <StatusMark status={figure.status} {...(figure.word ? { word: figure.word } : {})} />
        </p>
      )}
      {figure.note && <div className="tile-note">{figure.note}</div>}
      {props.children}
    </>
  );
}

/** The grid that tiles stand in. */
export function Tiles({ children }: { readonly children: ReactNode }): ReactElement {
  return <div className="tiles">{children}</div>;
}
