/** Counts the results of a run per suite, and holds the failures against the list of known ones. */
import { readFileSync } from 'node:fs';

export type Result = {
  suite: string;
  /** `file: description`, as the list of known failures names it. */
  test: string;
  outcome: 'passed' | 'failed' | 'requirements' | 'refused' | 'driver';
  detail?: string;
};

export type Known = { test: string; reason: string };

/** What must pass of all that applies, in percent. */
const NEEDED_PERCENT = 98;

/** The checked-in list; each entry has its reason. */
export function readKnown(path: string): Known[] {
  return JSON.parse(readFileSync(path, 'utf8')) as Known[];
}

/** One line per suite and one for all of them. */
export function describeSuites(results: readonly Result[]): string[] {
  const suites = [...new Set(results.map(({ suite }) => suite))];
  const lines = suites.map((name) =>
    lineOf(
      name,
      results.filter(({ suite }) => suite === name),
    ),
  );
  return [...lines, lineOf('all', results)];
}

function lineOf(name: string, results: readonly Result[]): string {
  const count = (outcome: Result['outcome']) => results.filter((result) => result.outcome === outcome).length;
  const passed = count('passed');
  const run = passed + count('failed');
  const skipped = `own requirements ${count('requirements')}, refused list ${count('refused')}, driver ${count('driver')}`;
  return `${name}: run ${run}, passed ${passed}, failed ${count('failed')}, skipped: ${skipped}; ${percentOf(passed, run)} %`;
}

function percentOf(passed: number, run: number): string {
  return run === 0 ? '–' : ((100 * passed) / run).toFixed(1);
}

/** What is wrong with the run; empty when it holds. */
export function complaints(results: readonly Result[], known: readonly Known[]): string[] {
  const listed = new Set(known.map(({ test }) => test));
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  const passed = results.filter(({ outcome }) => outcome === 'passed');
  const unlisted = failed.filter(({ test }) => !listed.has(test));
  const mended = passed.filter(({ test }) => listed.has(test));
  const gone = known.filter(({ test }) => !results.some((result) => result.test === test));
  const run = failed.length + passed.length;
  return [
    ...(run === 0 ? ['nothing was run'] : []),
    ...(passed.length * 100 < run * NEEDED_PERCENT ? [`less than ${NEEDED_PERCENT} % passed`] : []),
    ...unlisted.map(({ test, detail }) => `failed: ${test}\n    ${detail}`),
    ...mended.map(({ test }) => `passes, so take it off the list of known failures: ${test}`),
    ...gone.map(({ test }) => `is on the list of known failures, but there is no such test: ${test}`),
  ];
}
