// How several experiments read in chat: how each stands, or the figures of their challengers.
import { z } from 'zod';
import { type Experiment, experimentStatuses } from '../../../models/experiment.ts';
import type { Language } from '../../core/context.ts';
import { context, type Reply, reply, table, withStatus } from '../../core/reply.ts';
import { points } from './figures.ts';
import { replyWords } from './reply-words.ts';
import type { ShownReport } from './shapes.ts';

export const listedShape = z.object({
  key: z.string(),
  status: z.enum(experimentStatuses),
  current: z.string(),
  arms: z.array(z.string()),
  verdict: z.string().nullable(),
  proposal: z.string().nullable(),
});

type Listed = z.output<typeof listedShape>;

/** An experiment in a list, without its verdict. */
export function standingOf({ key, status, current, arms, proposal }: Experiment): Omit<Listed, 'verdict'> {
  return {
    ...{ key, status, current },
    arms: arms.map((arm) => arm.variant),
    proposal: proposal?.status ?? null,
  };
}

export function listReply(experiments: readonly Listed[], language: Language): Reply {
  const say = replyWords[language];
  if (experiments.length === 0) return reply(say.none, context(say.importOne));
  const columns = say.listColumns.map((label) => ({ label }));
  const rows = experiments.map((one) => [
    [{ bold: one.key }],
    one.current,
    one.proposal === 'open' ? say.needsDecision : say.state[one.status],
    one.verdict ?? say.notLooked,
  ]);
  return withStatus(
    experiments.some((one) => one.proposal === 'open') ? 'look' : 'ok',
    reply(say.counted(experiments.length), table(columns, rows)),
  );
}

export function statsReply(experiments: readonly ShownReport[], language: Language): Reply {
  const say = replyWords[language];
  const columns = say.statColumns.map((label, index) => ({ label, ...(index > 1 && { numeric: true }) }));
  const rows = experiments.flatMap((one) =>
    one.comparisons.map(({ variant, difference }) => [
      one.experiment,
      variant,
      points(difference, language),
      String(one.arms.reduce((sum, arm) => sum + arm.exposed, 0)),
    ]),
  );
  return reply(say.counted(experiments.length), table(columns, rows));
}
