// Imports exposures from a file: judged whole first, then written so that running it again finishes or changes nothing.
import { createHash } from 'node:crypto';
import { type Experiment, type ExposureImport, experimentId } from '../../../models/experiment.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import type { Body, FactCollection } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import { type ColumnMap, type ExposureFile, readExposureFile } from './exposure-file.ts';
import { type FoldStores, fold } from './fold.ts';
import { judgeAgainst, judgeRequest, refusedFile } from './import-checks.ts';
import { countNew, type Written, writeUnits } from './write-exposures.ts';

export interface ImportRequest {
  readonly experiment: string;
  readonly content: string;
  readonly columns: ColumnMap;
  readonly default: string;
  readonly max: number | undefined;
  readonly costPaise: ReadonlyMap<string, number>;
  readonly valuePaise: number | undefined;
  readonly dryRun: boolean;
  readonly acceptGood: boolean;
}

export interface ImportOutcome {
  readonly experiment: string;
  readonly metric: string;
  readonly rows: number;
  readonly units: number;
  readonly added: number;
  readonly corrected: number;
  readonly excluded: number;
  readonly maxUnits: number;
  readonly dryRun: boolean;
  /** The very same file was imported before. */
  readonly repeated: boolean;
  readonly variants: readonly string[];
  /** `field` names the line, as in the problems of any input. */
  readonly refused: readonly { readonly line: number; readonly field: string; readonly problem: string }[];
}

export interface ImportStores extends FoldStores {
  readonly experiments: FactCollection<Experiment>;
}

const CHART_BUCKETS = 100;

/**
 * @throws AppError `input.bad_file` naming every bad line (nothing is written), `input.invalid` for a default or
 * cost that names no variant, `record.conflict` when the file cannot belong to the experiment that is there.
 */
export async function importExposures(
  stores: ImportStores,
  ctx: Ctx,
  request: ImportRequest,
): Promise<ImportOutcome> {
  const exposures = stores.exposures.scoped(ctx.tenant);
  const file = readExposureFile(request.content, request.columns);
  if (file.refused.length > 0 && !request.acceptGood) throw refusedFile(file, ctx.language);
  const digest = digestOfFile(request);
  const known = await stores.experiments.scoped(ctx.tenant).get(experimentId(ctx.tenant, request.experiment));
  judgeRequest(file, request, known);
  if (known) judgeAgainst(known, file, request);
  const outcome = outcomeOf(ctx, file, request, known);
  if (request.dryRun)
    return { ...outcome, added: await countNew(exposures, ctx.tenant, request.experiment, file.units) };
  if (known?.imports.some((one) => one.digest === digest && one.completedAt))
    return { ...outcome, repeated: true };

  const started = await startImport(stores, ctx, request, file, digest);
  const base = unitsBefore(started.imports, digest);
  const written = await writeUnits(exposures, started, file.units, base);
  await completeImport(stores, ctx, started, digest, written);
  await fold(stores, ctx.tenant, request.experiment, ctx.now);
  return { ...outcome, ...written, maxUnits: started.maxUnits };
}

function outcomeOf(
  { language }: Ctx,
  file: ExposureFile,
  request: ImportRequest,
  known: Experiment | null,
): ImportOutcome {
  const excluded = file.units.filter((row) => row.excluded).length;
  return {
    experiment: request.experiment,
    metric: file.metric,
    rows: file.rows,
    units: file.units.length,
    added: 0,
    corrected: 0,
    excluded,
    maxUnits: known?.maxUnits ?? request.max ?? file.units.length - excluded,
    dryRun: request.dryRun,
    repeated: false,
    variants: file.variants,
    refused: file.refused.map(({ line, problem }) => ({
      ...{ line, field: `line ${line}`, problem: problem[language] },
    })),
  };
}

function digestOfFile(request: ImportRequest): string {
  const { unit, variant, outcome, at, order } = request.columns;
  const columns = JSON.stringify([unit, variant, outcome, at, order].map((name) => name ?? null));
  return createHash('sha256').update(columns).update('\0').update(request.content).digest('hex');
}

/** Makes the experiment, or adds the import to it; the same import again finds its own entry. */
async function startImport(
  stores: ImportStores,
  ctx: Ctx,
  request: ImportRequest,
  file: ExposureFile,
  digest: string,
): Promise<Experiment> {
  const facts = stores.experiments.scoped(ctx.tenant);
  const id = experimentId(ctx.tenant, request.experiment);
  const entry: ExposureImport = { digest, units: file.units.length, startedAt: ctx.now, completedAt: null };
  const trace = traceOf(ctx, {
    target: id,
    after: { import: digest.slice(0, 12), units: file.units.length },
  });
  const { record, inserted } = await facts.insertOnce(id, newExperiment(ctx, request, file, entry), trace);
  if (inserted || record.imports.some((one) => one.digest === digest)) return record;
  const added = await changeOnce(facts, id, `${ctx.effectKey}:start`, (current) => {
    judgeAgainst(current, file, request);
    if (current.imports.some((one) => one.digest === digest)) return null;
    const stepTrace = traceOf(
      { ...ctx, effectKey: `${ctx.effectKey}:start` },
      { target: id, after: { import: digest.slice(0, 12), units: file.units.length } },
    );
    return { change: { imports: [...current.imports, entry] }, trace: stepTrace };
  });
  return added.record;
}

function newExperiment(
  ctx: Ctx,
  request: ImportRequest,
  file: ExposureFile,
  entry: ExposureImport,
): Body<Experiment> {
  const maxUnits = request.max ?? file.units.filter((row) => !row.excluded).length;
  return {
    key: request.experiment,
    metric: file.metric,
    arms: file.variants.map((variant) => ({
      variant,
      weight: 1 / file.variants.length,
      costPaise: request.costPaise.get(variant) ?? null,
    })),
    current: request.default,
    control: request.default,
    maxUnits,
    maxGiven: request.max !== undefined,
    valuePaise: request.valuePaise ?? null,
    axis: file.axis,
    bucketUnits: Math.max(1, Math.ceil(maxUnits / CHART_BUCKETS)),
    policy: { mode: 'approve', minDays: 7, minConversionsPerArm: 100, horizonDays: 28 },
    status: 'running',
    imports: [entry],
    looks: 0,
    verdict: null,
    proposal: null,
    decisions: [
      {
        at: ctx.now,
        by: ctx.actor.name,
        kind: 'started',
        winner: null,
        previous: request.default,
        look: null,
        sentence: `Started with ${request.default} as the default`,
      },
    ],
    holdout: 0.05,
  };
}

async function completeImport(
  stores: ImportStores,
  ctx: Ctx,
  experiment: Experiment,
  digest: string,
  written: Written,
): Promise<void> {
  const effectKey = `${ctx.effectKey}:complete`;
  await changeOnce(stores.experiments.scoped(ctx.tenant), experiment._id, effectKey, (current) => {
    if (current.imports.some((one) => one.digest === digest && one.completedAt)) return null;
    const imports = current.imports.map((one) =>
      one.digest === digest ? { ...one, completedAt: ctx.now } : one,
    );
    const trace = traceOf(
      { ...ctx, effectKey },
      { target: experiment._id, after: { import: digest.slice(0, 12), ...written } },
    );
    return { change: { imports }, trace };
  });
}

/** How many units came in by earlier imports: where this file's order begins. */
function unitsBefore(imports: readonly ExposureImport[], digest: string): number {
  const index = imports.findIndex((one) => one.digest === digest);
  return imports.slice(0, index).reduce((sum, one) => sum + one.units, 0);
}
