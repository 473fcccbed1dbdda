// The first page: what waits for this person, and whether the protocol, the tests, the tasks and the outbox are well.
import type { ReactElement } from 'react';
import type { Approval } from '../../../models/approval.ts';
import type { Experiment } from '../../../models/experiment.ts';
import type { ProtocolRun } from '../../../models/protocol-run.ts';
import type { Ctx } from '../../core/context.ts';
import { formatDuration } from '../../core/duration.ts';
import type { Logger } from '../../core/logger.ts';
import { holds } from '../../core/permissions.ts';
import type { Loaded } from '../../ui/components/loaded.tsx';
import { Poll } from '../../ui/components/poll.tsx';
import { type Figure, Tile, Tiles } from '../../ui/components/tile.tsx';
import { exactTime, relativeTime, zoneName } from '../../ui/components/time.tsx';
import { formatCount } from '../../ui/components/values.tsx';
import type { Frame } from '../../ui/frame.ts';
import { loadPart } from '../../ui/load-part.ts';
import { pagesOf } from '../../ui/page.ts';

/** What the overview reads of each capability, and no more. */
export interface OverviewNeeds {
  readonly logger: Logger;
  /** What waits for this person’s own vote. */
  readonly approvals: { waitingFor(ctx: Ctx): Promise<readonly Approval[]> };
  readonly experiments: { list(ctx: Ctx, limit: number): Promise<readonly Experiment[]> };
  readonly tasks: {
    list(ctx: Ctx, view: 'pending' | 'mine', limit: number): Promise<{ readonly total: number }>;
  };
  readonly protocol: {
    readonly everyMs: number;
    status(
      tenant: string,
      now: Date,
    ): Promise<{
      readonly running: string | null;
      readonly last: ProtocolRun | null;
      readonly pausedUntil: Date | null;
      readonly nextAt: Date;
    }>;
  };
  /** Absent while this installation has no upkeep. */
  readonly upkeep?: {
    counts(ctx: Ctx): Promise<{ readonly waiting: number; readonly dead: number; readonly oldestMs: number }>;
  };
}

type PageCtx = Ctx & { readonly services: OverviewNeeds };

interface LabelledTile {
  readonly label: string;
  readonly of: Loaded<Figure>;
}

const HERE = '/admin';
const EXPERIMENTS_MAX = 500;
/** The others are on the page of experiments. */
const DECISIONS_SHOWN = 3;
/** A message that waits longer than this is late. */
const LATE_MS = 5 * 60 * 1000;

const overviewPage = pagesOf<OverviewNeeds>()({
  path: HERE,
  permission: 'room.use',
  menu: { section: 'Room', label: 'Overview', order: 0, icon: 'overview' },
  load: async (ctx) => ({ tiles: await Promise.all(tilesOf(ctx)) }),
  title: 'Overview',
  view: ({ tiles }, frame) => <OverviewView tiles={tiles} frame={frame} />,
});

export const overviewPages = [overviewPage];

/** Each tile is loaded by itself: one that fails says so and leaves the others standing. */
function tilesOf(ctx: PageCtx): readonly Promise<LabelledTile>[] {
  const { role } = ctx.actor;
  const tile = async (
    label: string,
    work: () => Promise<Figure | Loaded<Figure>>,
  ): Promise<LabelledTile> => ({
    label,
    of: await loadPart(ctx, { name: label, retry: HERE }, async () => {
      const found = await work();
      return 'state' in found ? found : { state: 'data', value: found, asOf: ctx.now };
    }),
  });
  const { upkeep } = ctx.services;
  return [
    tile('Waits for you', () => waitsForYou(ctx)),
    tile('Protocol runs', () => protocolTile(ctx)),
    tile('Experiments', () => experimentsTile(ctx)),
    tile('Tasks pending', () => tasksTile(ctx)),
    ...(upkeep && holds(role, 'operations.read') ? [tile('Outbox', () => outboxTile(upkeep, ctx))] : []),
  ];
}

/** Decisions that this person may take, and tasks that they hold. */
async function waitsForYou(ctx: PageCtx): Promise<Figure> {
  const [open, mine] = await Promise.all([
    ctx.services.approvals.waitingFor(ctx),
    ctx.services.tasks.list(ctx, 'mine', 1),
  ]);
  const count = open.length + mine.total;
  return {
    value: formatCount(count),
    unit: count === 1 ? 'thing' : 'things',
    period: `${counted(open.length, 'decision')}, ${counted(mine.total, 'task')} of yours`,
    href: open.length > 0 ? '/admin/approvals' : '/admin/pending?view=mine',
    status: count > 0 ? 'look' : 'ok',
    word: count > 0 ? 'Needs you' : 'Nothing waits',
    note: open.length > 0 && <Decisions open={open.slice(0, DECISIONS_SHOWN)} />,
  };
}

function Decisions({ open }: { readonly open: readonly Approval[] }): ReactElement {
  return (
    <>
      {open.map(({ _id, title }) => (
        <a key={_id} className="line" href={`/admin/approvals/${_id}`}>
          {title}?
        </a>
      ))}
    </>
  );
}

async function protocolTile(ctx: PageCtx): Promise<Loaded<Figure>> {
  const { everyMs, status } = ctx.services.protocol;
  const { running, last, pausedUntil, nextAt } = await status(ctx.tenant, ctx.now);
  const next = running
    ? 'Running now'
    : pausedUntil
      ? `Paused until ${exactTime(pausedUntil, ctx.zone)}`
      : `Next ${relativeTime(nextAt, ctx.now, ctx.zone)}`;
  if (!last)
    return {
      state: 'empty',
      why: `It has not run yet. ${next}.`,
      next: { label: 'Run it now', href: '/admin/protocol' },
    };
  const value = {
    value: next,
    period: `last run ${relativeTime(last.createdAt, ctx.now, ctx.zone)}`,
    href: '/admin/protocol',
    ...runState(last, pausedUntil),
  };
  const lateMs = ctx.now.getTime() - last.createdAt.getTime() - 2 * everyMs;
  if (lateMs <= 0 || pausedUntil) return { state: 'data', value, asOf: ctx.now };
  return { state: 'stale', value, asOf: last.createdAt, reason: 'No slot was entered since.' };
}

function runState(last: ProtocolRun, pausedUntil: Date | null): Pick<Figure, 'status' | 'word'> {
  if (last.status === 'missed') return { status: 'act', word: 'A slot was missed' };
  if (last.status === 'completed_with_errors') return { status: 'act', word: 'A step failed' };
  return pausedUntil ? { status: 'look', word: 'Paused' } : { status: 'ok', word: 'All well' };
}

async function experimentsTile(ctx: PageCtx): Promise<Figure | Loaded<Figure>> {
  const all = await ctx.services.experiments.list(ctx, EXPERIMENTS_MAX);
  if (all.length === 0)
    return {
      state: 'empty',
      why: 'There is no experiment yet.',
      next: { label: 'Import exposures', href: '/admin/ab-test' },
    };
  const open = all.filter(needsDecision).length;
  const running = all.filter((one) => one.status === 'running').length;
  const blocked = all.filter((one) => one.status === 'running' && one.verdict?.kind === 'blocked').length;
  return {
    value: formatCount(open),
    unit: open === 1 ? 'needs a decision' : 'need a decision',
    period: `${running} of ${all.length} running`,
    href: '/admin/ab-test',
    ...(blocked > 0
      ? { status: 'act' as const, word: `${counted(blocked, 'test')} blocked` }
      : { status: open > 0 ? ('look' as const) : ('ok' as const), word: open > 0 ? 'Decide' : 'All well' }),
  };
}

async function tasksTile(ctx: PageCtx): Promise<Figure> {
  const { total } = await ctx.services.tasks.list(ctx, 'pending', 1);
  return {
    value: formatCount(total),
    unit: total === 1 ? 'task' : 'tasks',
    period: 'open or taken',
    href: '/admin/pending',
    status: total > 0 ? 'look' : 'ok',
    word: total > 0 ? 'Pending' : '0 TASKS PENDING',
  };
}

async function outboxTile(upkeep: NonNullable<OverviewNeeds['upkeep']>, ctx: Ctx): Promise<Figure> {
  const { waiting, dead, oldestMs } = await upkeep.counts(ctx);
  const isLate = oldestMs > LATE_MS;
  const oldest = waiting > 0 ? `the oldest for ${formatDuration(oldestMs)}` : 'nothing is late';
  return {
    value: formatCount(waiting),
    unit: 'waiting',
    period: `${counted(dead, 'dead letter')}, ${oldest}`,
    href: '/admin/outbox',
    status: dead > 0 ? 'act' : isLate ? 'look' : 'ok',
    word: dead > 0 ? 'Given up' : isLate ? 'Late' : 'All well',
  };
}

function OverviewView(props: {
  readonly tiles: readonly LabelledTile[];
  readonly frame: Frame;
}): ReactElement {
  const { tiles, frame } = props;
  return (
    <>
      <Poll id="overview" frame={frame} everySeconds={15}>
        <Tiles>
          {tiles.map(({ label, of }) => (
            <Tile key={label} label={label} of={of} frame={frame} />
          ))}
        </Tiles>
      </Poll>
      <p className="quiet-text">
        Times are in {zoneName(frame.now, frame.zone)}. The <a href="/console">console</a> takes every verb:
        say <code>help</code>.
      </p>
    </>
  );
}

const needsDecision = ({ proposal }: Experiment): boolean => proposal?.status === 'open';

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
