/** Runs pipelines over given documents, as the engine does over those of a collection. */
import { serialize } from 'bson';
import { expect } from 'vitest';
import { PAUSE, runPipeline } from '../../../src/embedded-mongo/aggregate.ts';
import { MongoError } from '../../../src/embedded-mongo/errors.ts';
import type { Doc } from '../../../src/embedded-mongo/value.ts';
import { typed } from '../values/generators.ts';

export type Plain = { [field: string]: unknown };

/** The folder of the manual's pages on stages and expressions. */
export const MANUAL = 'https://www.mongodb.com/docs/manual/reference/operator/aggregation/';
const NOW = new Date('2024-01-15T10:30:45.123Z');

/** What a pipeline gives for documents; numbers are typed as a client would send them. */
export function run(pipeline: Plain[], docs: Plain[] = []): Doc[] {
  const stages = (typed({ pipeline }) as { pipeline: Doc[] }).pipeline;
  const items = runPipeline(stages, docs.map(typed), { now: NOW, lookup: () => [] });
  return [...items].filter((item): item is Doc => item !== PAUSE);
}

/** Held as BSON, so that the types of numbers and the order of fields count. */
export function expectDocs(actual: Doc[], expected: Plain[]): void {
  expect(serialize({ r: actual })).toEqual(serialize({ r: expected }));
}

/** The code with which a pipeline is refused, or `undefined` when it runs. */
export function codeOf(pipeline: Plain[], docs: Plain[] = []): number | undefined {
  try {
    run(pipeline, docs);
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    return error.code;
  }
  return undefined;
}

/** What one expression gives for a document. */
export function evaluate(expression: unknown, doc: Plain = {}): unknown {
  return run([{ $replaceWith: { r: expression } }], [doc])[0]?.['r'];
}
