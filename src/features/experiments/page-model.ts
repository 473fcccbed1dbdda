// What the A/B pages are drawn from.
import type { Experiment } from '../../../models/experiment.ts';
import type { Loaded } from '../../ui/components/loaded.tsx';
import type { TableQuery } from '../../ui/components/table-query.ts';
import type { Pace } from './forecast.ts';
import type { Verdict } from './look.ts';
import type { ExperimentReport } from './report.ts';
import type { ShownReport } from './shapes.ts';

export const HERE = '/admin/ab-test';

/** One experiment with its counts and series. */
export interface Evidence {
  readonly report: ExperimentReport;
  readonly shown: ShownReport;
}

export interface Row {
  readonly experiment: Experiment;
  readonly verdict: Verdict | null;
}

export interface Listing {
  readonly rows: readonly Row[];
  /** All experiments, over all pages. */
  readonly total: number;
  readonly query: TableQuery;
  /** Those that need a decision, with what it rests on. */
  readonly open: readonly { readonly experiment: Experiment; readonly evidence: Loaded<Evidence> }[];
}

/** How fast units came so far, for forecasts. */
export function paceOf({ report, shown }: Evidence, now: Date): Pace {
  const { firstAt, lastAt, experiment } = report;
  const { maxUnits, policy } = experiment;
  return { firstAt, lastAt, maxUnits, now, units: shown.units, horizonDays: policy.horizonDays };
}
