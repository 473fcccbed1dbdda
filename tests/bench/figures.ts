// What every bench gives: figures, one JSON line each, and the arithmetic that noise calls for.
import { readFileSync } from 'node:fs';

export interface Figure {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** What it is measured against, in the same run. */
  readonly against: string;
  readonly ratio: number;
}

/** What a bench may be told on the command line. */
export interface BenchArguments {
  /** Folder of data sets; there is none unless given. */
  readonly data: string | undefined;
  /** Short runs, for development, where a bench has them. */
  readonly quick: boolean;
}

export function printFigure(figure: Figure): void {
  process.stdout.write(`${JSON.stringify(figure)}\n`);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** To three digits that count. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

const TICK_MS = 10;

/** CPU milliseconds that a process has used so far, by the kernel's count; NaN where there is no /proc. */
export function cpuMsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return Number.NaN;
  }
}

/** CPU milliseconds of this process so far. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
