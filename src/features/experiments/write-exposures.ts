// Writes the units of a file as exposures: new ones once, and a correction where a unit says something else now.
import type { Experiment } from '../../../models/experiment.ts';
import { type Exposure, exposureId } from '../../../models/exposure.ts';
import type { Body, Records } from '../../core/store.ts';
import type { UnitRow } from './exposure-file.ts';

const CHUNK_UNITS = 2000;
const QUARTER_HOUR_MS = 15 * 60 * 1000;

export interface Written {
  readonly added: number;
  readonly corrected: number;
}

/** Any number of times: units that are there and say the same are left alone. `base` is where the file's order begins. */
export async function writeUnits(
  exposures: Records<Exposure>,
  experiment: Experiment,
  units: readonly UnitRow[],
  base: number,
): Promise<Written> {
  let added = 0;
  let corrected = 0;
  for (let start = 0; start < units.length; start += CHUNK_UNITS) {
    const rows = units.slice(start, start + CHUNK_UNITS).map((row) => exposureOf(experiment, row, base));
    const firsts = rows.map((body) => ({
      id: exposureId(experiment.tenant, experiment.key, body.unit, 1),
      body,
    }));
    const inserted = await exposures.insertMany(firsts);
    added += inserted;
    if (inserted < rows.length) corrected += await correctUnits(exposures, experiment, rows);
  }
  return { added, corrected };
}

function exposureOf(experiment: Experiment, row: UnitRow, base: number): Body<Exposure> {
  const { unit, variant, converted, excluded, at } = row;
  const bucket = at
    ? Math.floor(at.getTime() / QUARTER_HOUR_MS)
    : Math.floor((base + row.place) / experiment.bucketUnits);
  return {
    experiment: experiment.key,
    unit,
    variant,
    converted,
    excluded,
    replaces: null,
    at,
    bucket,
    batch: 0,
  };
}

/** Writes a correction for each unit whose latest fact says something else; a unit with two variants is excluded. */
async function correctUnits(
  exposures: Records<Exposure>,
  experiment: Experiment,
  rows: readonly Body<Exposure>[],
): Promise<number> {
  const idOf = (unit: string, n: number): string => exposureId(experiment.tenant, experiment.key, unit, n);
  let open = new Map(rows.map((body) => [body.unit, body]));
  const latest = new Map<string, Exposure>();
  let depth = 0;
  while (open.size > 0) {
    depth += 1;
    const ids = [...open.keys()].map((unit) => idOf(unit, depth));
    const found = await exposures.find({ where: { _id: { in: ids } }, limit: ids.length });
    for (const fact of found) latest.set(fact.unit, fact);
    open = new Map(found.flatMap((fact) => (open.has(fact.unit) ? [[fact.unit, fact] as const] : [])));
  }
  const corrections = rows.flatMap((body) => {
    const before = latest.get(body.unit);
    const correction = before && correctionOf(before, body);
    return before && correction ? [{ id: idOf(body.unit, numberOf(before) + 1), body: correction }] : [];
  });
  return corrections.length === 0 ? 0 : exposures.insertMany(corrections);
}

function correctionOf(before: Exposure, wanted: Body<Exposure>): Body<Exposure> | null {
  if (before.excluded) return null;
  const excluded = wanted.excluded || wanted.variant !== before.variant;
  if (!excluded && wanted.converted === before.converted) return null;
  const { variant, converted, bucket, at } = before;
  return { ...wanted, variant, excluded, bucket, at, replaces: { variant, converted } };
}

const numberOf = (fact: Exposure): number => Number(fact._id.slice(fact._id.lastIndexOf('#') + 1));

/** How many of these units the experiment does not know yet. */
export async function countNew(
  exposures: Records<Exposure>,
  tenant: string,
  experiment: string,
  units: readonly UnitRow[],
): Promise<number> {
  let known = 0;
  for (let start = 0; start < units.length; start += CHUNK_UNITS) {
    const ids = units
      .slice(start, start + CHUNK_UNITS)
      .map((row) => exposureId(tenant, experiment, row.unit, 1));
    known += await exposures.count({ _id: { in: ids } });
  }
  return units.length - known;
}
