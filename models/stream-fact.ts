// The collection of facts: what a source says of one thing at one time, append-only; a correction is a fact of its own.
import type { Stored } from '../src/core/store.ts';
import type { FactData } from '../src/core/stream.ts';
import { defineRecords, mixed } from './define.ts';

/** `…#1` is what was said of the thing first; `…#2` and on say something newer and name what they replace. */
export interface StreamFact extends Stored {
  readonly stream: string;
  readonly source: string;
  readonly externalId: string;
  readonly sequence: number;
  /** The 15 minutes since the epoch (UTC) that it is counted in. */
  readonly bucket: number;
  readonly at: Date;
  readonly receivedAt: Date;
  /** When the source says it changed, and its place among changes of one instant; null where it does not say. */
  readonly statedAt: Date | null;
  readonly revision: number | null;
  /** The fields of the stream; null takes back what was said before. */
  readonly data: FactData | null;
  /** Whom the fact is about, in streams whose facts are read by that. */
  readonly subject?: string;
  /** The id of the fact that this one replaces. */
  readonly replaces: string | null;
  /** False once a newer fact was counted in its place. */
  readonly current: boolean;
  /** The batch that folded it into the rollups; 0 while it waits. */
  readonly batch: number;
  /** The effect that brought it. */
  readonly effect: string;
}

export const streamFacts = defineRecords<StreamFact>({
  name: 'stream_facts',
  fields: {
    stream: { type: String, required: true },
    source: { type: String, required: true },
    externalId: { type: String, required: true },
    sequence: { type: Number, required: true, min: 1 },
    bucket: { type: Number, required: true },
    at: { type: Date, required: true },
    receivedAt: { type: Date, required: true },
    statedAt: Date,
    revision: Number,
    data: mixed,
    subject: String,
    replaces: String,
    current: { type: Boolean, required: true },
    batch: { type: Number, required: true, min: 0 },
    effect: { type: String, required: true },
  },
  indexes: [
    { keys: { batch: 1, stream: 1, bucket: 1 }, partial: { batch: 0 }, acrossTenants: true },
    { keys: { stream: 1, at: -1, _id: 1 }, partial: { current: true } },
    { keys: { stream: 1, subject: 1, at: 1 }, partial: { current: true, subject: { exists: true } } },
  ],
  about: {
    holds: 'One fact of a stream as its source told it, or a newer statement that names the one it replaces.',
    writer: 'src/features/ingestion, from every door; the fold marks the batch and what is no longer current',
    retention: 'kept',
  },
});

/** What one source says of one thing: the ids of its facts begin with it. */
export function factKey(tenant: string, stream: string, source: string, externalId: string): string {
  return `${tenant}:${stream}:${source}:${externalId}`;
}

/** The id of the n-th fact about a thing. */
export function factId(key: string, sequence: number): string {
  return `${key}#${sequence}`;
}
