// The port by which facts come in, whichever the door: rows of a stream, and what became of each.
import type { Ctx } from './context.ts';

/** The source of rows whose ids are our own systems'; the same through every door, so that a repeat is known. */
export const OWN_SOURCE = 'own';

/** Where rows come from. Facts are told apart by (source, id): one system keeps one name through every door. */
export interface Origin {
  readonly source: string;
  /** When they were stored here first, where that was before this call. */
  readonly receivedAt?: Date;
}

export const rowResults = ['accepted', 'corrected', 'duplicate', 'older', 'rejected'] as const;

/**
 * `corrected`: it says something newer than what was known of that id. `duplicate`: exactly that was known.
 * `older`: something newer was known, by the row's `updatedAt` and `revision`.
 */
export type RowResult = (typeof rowResults)[number];

export interface JudgedRow {
  /** Its place among the rows given, from 1. */
  readonly row: number;
  readonly id: string | null;
  readonly result: RowResult;
  readonly field?: string;
  readonly reason?: string;
}

export type RowCounts = Readonly<Record<RowResult, number>>;

export interface Ingested {
  readonly counts: RowCounts;
  readonly rows: readonly JudgedRow[];
}

export interface FactDoor {
  /**
   * Takes rows as they came: good ones become facts, bad ones are kept as rejects, and each is told apart.
   * The same effect again answers the same.
   * @throws AppError `input.invalid` for a stream that there is not.
   */
  ingest(ctx: Ctx, stream: string, rows: readonly unknown[], origin: Origin): Promise<Ingested>;
}
