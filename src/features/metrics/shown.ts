// Figures as they go out of the door: plain fields with ISO instants, the definition beside every number.
import { z } from 'zod';
import { metricUnits } from './definition.ts';
import type { Figure } from './work-out.ts';

const instant = z.iso.datetime();
const number = z.number().nullable();
const step = z.object({ from: instant, to: instant, partial: z.boolean(), value: number });

export const shownFigure = z.object({
  id: z.string(),
  name: z.object({ en: z.string(), hi: z.string() }),
  definition: z.object({ version: z.int(), formula: z.string(), source: z.string(), owner: z.string() }),
  unit: z.enum(metricUnits).describe('paise, count, ratio (0.12 is 12 %) or ms'),
  polarity: z.enum(['up', 'down', 'none']),
  range: z.object({
    from: instant,
    to: instant,
    words: z.string(),
    zone: z.string(),
    grain: z.enum(['hour', 'day', 'week', 'month']),
    partial: z.boolean().describe('the period has not ended: nothing is compared with it'),
  }),
  value: number,
  change: z.object({
    against: z.object({ from: instant, to: instant, words: z.string() }),
    value: number,
    difference: number,
    percent: number.describe('a share; null where it is withheld'),
    withheld: z.enum(['partial', 'no-data', 'points', 'present']).nullable(),
    good: z.boolean().nullable(),
  }),
  steps: z.array(step),
  by: z.string().nullable(),
  parts: z.array(z.object({ name: z.string(), value: number, steps: z.array(step) })),
  asOf: instant.nullable(),
  state: z.enum(['data', 'empty', 'stale']),
  sandbox: z.boolean(),
  links: z.object({ page: z.string(), rows: z.string().nullable(), csv: z.string() }),
});

export type ShownFigure = z.output<typeof shownFigure>;

/** Where numbers come from: every one says whether it is real, and where its page is. */
export interface House {
  readonly sandbox: boolean;
  readonly publicUrl: () => string;
}

/** Parts beyond this many are in the export alone. */
const PARTS_MAX = 200;

export function showFigure(figure: Figure, { sandbox, publicUrl }: House): ShownFigure {
  const { metric, range, change, parts, by, value, state } = figure;
  const { id, name, version, formula, source, owner, unit, polarity } = metric;
  const { words, zone, grain, partial } = range;
  return {
    id,
    name,
    definition: { version, formula, source, owner },
    unit,
    polarity,
    range: { ...span(range), words, zone, grain, partial },
    value,
    change: { ...change, against: { ...span(change.against), words: change.against.words } },
    steps: figure.steps.map(showStep),
    by,
    parts: parts.slice(0, PARTS_MAX).map((part) => ({ ...part, steps: part.steps.map(showStep) })),
    asOf: figure.asOf?.toISOString() ?? null,
    state,
    sandbox,
    links: linksOf(figure, publicUrl()),
  };
}

function span({ from, to }: { readonly from: Date; readonly to: Date }) {
  return { from: from.toISOString(), to: to.toISOString() };
}

function showStep({ from, to, partial, value }: Figure['steps'][number]) {
  return { ...span({ from, to }), partial, value };
}

function linksOf({ metric, range, by }: Figure, home: string): ShownFigure['links'] {
  const over = { range: addressRange(range) };
  const asked = new URLSearchParams({ ...over, ...(by === null ? {} : { by }) });
  const page = `${home}/admin/metrics/${metric.id}?${asked}`;
  const file = new URLSearchParams({ metric: metric.id, ...Object.fromEntries(asked), format: 'csv' });
  return {
    page,
    rows: metric.rows ? `${home}/admin/metrics/${metric.id}/rows?${new URLSearchParams(over)}` : null,
    csv: `${home}/admin/downloads/metrics.export?${file}`,
  };
}

/** A range that means the same tomorrow: its first and last day. */
function addressRange({ from, to, zone }: Figure['range']): string {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
  const [first, last] = [day.format(from), day.format(new Date(to.getTime() - 1))];
  return first === last ? first : `${first} to ${last}`;
}
