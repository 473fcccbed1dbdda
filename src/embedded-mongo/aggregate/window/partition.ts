/** What a window function is: it answers for each document of a partition, in their order. */
import type { Doc, Value } from '../../value.ts';

/** A window function at work on one partition; positions are asked for in rising order, each once. */
export interface Running {
  /** Works towards the value at a position for a while; false when it wants to go on after a pause. */
  advance(position: number): boolean;
  /** The value at the position that `advance` has finished. */
  value(position: number): Value;
}
/** Starts on a partition whose documents are in order. */
export type WindowFunction = (docs: readonly Doc[]) => Running;

/** A window function that needs no long work for a value. */
export function atOnce(value: (position: number) => Value): Running {
  return { advance: () => true, value };
}
