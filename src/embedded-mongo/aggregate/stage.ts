/** What a pipeline stage is: a lazy step from documents to documents that lets others run in between. */
import type { Variables } from '../expression.ts';
import type { Doc, Value } from '../value.ts';

/**
 * Stands between documents where the consumer may let other work run: blocking stages pass it on while
 * they gather, so that a long aggregation never holds the event loop.
 */
export const PAUSE = undefined;
/** What flows between stages: documents, and `PAUSE` (`undefined`) where others may run. */
export type Item = Doc | undefined;
/** A compiled stage. */
export type Stage = (source: Iterable<Item>) => Iterable<Item>;

/** How many documents are read between two pauses. */
const PAUSE_EVERY = 1024;

/** Documents with a pause after every so many of them. */
export function* withPauses(source: Iterable<Item>): Iterable<Item> {
  let sincePause = 0;
  for (const item of source) {
    yield item;
    sincePause = item === PAUSE ? 0 : sincePause + 1;
    if (sincePause < PAUSE_EVERY) continue;
    yield PAUSE;
    sincePause = 0;
  }
}

/** What stages know of the statement. */
export interface StageContext {
  readonly now: Date;
  readonly variables: Variables | undefined;
  /** The documents of another collection of the same database, for `$lookup` and `$unionWith`. */
  readonly lookup: ((collection: string) => Iterable<Doc>) | undefined;
  /** Compiles a pipeline inside a stage. */
  readonly compile: (pipeline: Value, context: StageContext) => Stage;
}
/** Reads a stage's specification; throws MongoDB's code when it is wrong. */
export type StageCompiler = (spec: Value, context: StageContext) => Stage;

/** A stage that changes each document by itself. */
export function eachDoc(change: (doc: Doc) => Doc): Stage {
  return function* (source) {
    for (const item of source) yield item === PAUSE ? PAUSE : change(item);
  };
}

/** A stage that keeps some documents. */
export function keepDocs(test: (doc: Doc) => boolean): Stage {
  return function* (source) {
    for (const item of source) if (item === PAUSE || test(item)) yield item;
  };
}
