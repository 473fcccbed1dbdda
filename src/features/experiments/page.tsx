// The A/B pages: all experiments, those that need a decision first, and one experiment with everything behind it.
import type { Experiment } from '../../../models/experiment.ts';
import type { Ctx } from '../../core/context.ts';
import type { Logger } from '../../core/logger.ts';
import { holds } from '../../core/permissions.ts';
import type { Loaded } from '../../ui/components/loaded.tsx';
import { type TableQuery, tableQuery } from '../../ui/components/table-query.ts';
import { loadPart } from '../../ui/load-part.ts';
import { pagesOf } from '../../ui/page.ts';
import { STALE_FEED_HOURS } from './data-quality.ts';
import { ExperimentView } from './page-detail.tsx';
import { ImportLink } from './page-forms.tsx';
import { ExperimentsView } from './page-list.tsx';
import { type Evidence, HERE, type Listing, type Row } from './page-model.ts';
import { needsDecision, stateOf } from './page-words.ts';
import type { ExperimentService } from './service.ts';
import { shownReport } from './shapes.ts';

interface Needs {
  readonly experiments: ExperimentService;
  readonly logger: Logger;
}

type PageCtx = Ctx & { readonly services: Needs };

const page = pagesOf<Needs>();

/** More experiments than this stand in the API alone. */
const EXPERIMENTS_MAX = 500;
/** With more open decisions than this their evidence is on their own pages. */
const EVIDENCE_MAX = 3;
const HOUR_MS = 60 * 60 * 1000;

const listPage = page({
  path: HERE,
  permission: 'experiment.read',
  menu: { section: 'Protocol', label: 'Experiments', order: 20, icon: 'experiments' },
  load: loadListing,
  title: 'Experiments',
  view: (listing, frame) => <ExperimentsView listing={listing} frame={frame} />,
  action: (_, frame) => <ImportLink frame={frame} />,
  waiting: async (ctx) => {
    if (!holds(ctx.actor.role, 'experiment.approve')) return 0;
    return (await ctx.services.experiments.list(ctx, EXPERIMENTS_MAX)).filter(needsDecision).length;
  },
});

const experimentPage = page({
  path: `${HERE}/:experiment`,
  permission: 'experiment.read',
  load: async (ctx, query) => {
    const experiment = await ctx.services.experiments.get(ctx, query['experiment'] ?? '');
    return { experiment, evidence: await evidenceOf(ctx, experiment) };
  },
  title: ({ experiment }) => experiment.key,
  trail: () => [{ label: 'Experiments', href: HERE }],
  view: (model, frame) => <ExperimentView {...model} frame={frame} />,
});

export const experimentPages = [listPage, experimentPage];

async function loadListing(ctx: PageCtx, query: Readonly<Record<string, string>>): Promise<Listing> {
  const all = await ctx.services.experiments.list(ctx, EXPERIMENTS_MAX);
  const asked = tableQuery(query, ['state', 'key', 'look'], 'state');
  const shown = all.toSorted(orderOf(asked)).slice(asked.skip, asked.skip + asked.limit);
  const open = all.filter(needsDecision).slice(0, EVIDENCE_MAX);
  const [rows, evidence] = await Promise.all([
    Promise.all(shown.map((experiment) => rowOf(ctx, experiment))),
    Promise.all(
      open.map(async (experiment) => ({ experiment, evidence: await evidenceOf(ctx, experiment) })),
    ),
  ]);
  return { rows, total: all.length, query: asked, open: evidence };
}

async function rowOf(ctx: PageCtx, experiment: Experiment): Promise<Row> {
  return { experiment, verdict: await ctx.services.experiments.verdictOf(experiment) };
}

function orderOf({ sort, direction }: TableQuery): (a: Experiment, b: Experiment) => number {
  const lookMs = ({ verdict }: Experiment): number => verdict?.at.getTime() ?? 0;
  const byKey = (a: Experiment, b: Experiment): number => (a.key < b.key ? -1 : 1);
  return (a, b) => {
    if (sort === 'key') return direction * byKey(a, b);
    const difference = sort === 'look' ? lookMs(a) - lookMs(b) : stateOf(a).rank - stateOf(b).rank;
    return direction * difference || byKey(a, b);
  };
}

function evidenceOf(ctx: PageCtx, experiment: Experiment): Promise<Loaded<Evidence>> {
  const retry = `${HERE}/${experiment.key}`;
  return loadPart(ctx, { name: `experiment ${experiment.key}`, retry }, async () => {
    const report = await ctx.services.experiments.report(ctx, experiment.key);
    const { asOf } = report;
    if (!asOf)
      return {
        state: 'empty',
        why: 'Its exposures were not counted yet: the next protocol run counts and judges them.',
        next: { label: 'See when that is, or run it now', href: '/admin/protocol' },
      };
    const value = { report, shown: shownReport(report) };
    const isStale =
      experiment.status === 'running' &&
      value.shown.units < experiment.maxUnits &&
      ctx.now.getTime() - asOf.getTime() > STALE_FEED_HOURS * HOUR_MS;
    if (!isStale) return { state: 'data', value, asOf };
    return { state: 'stale', value, asOf, reason: 'No exposures came since; the feed may have stopped.' };
  });
}
