// A day of decisions: experiments from their file to the switch and back, and the requests that people vote on.
import { armsCsv } from '../protocol-world.ts';
import { type Desk, firstOf, textOf } from './desk.ts';

const winning = armsCsv({ old: [2000, 300], neu: [2000, 400] });

export async function experimentsDay(desk: Desk): Promise<void> {
  const { says, runProtocol } = desk;
  await says('experiment.list');
  await says('experiment.stats');
  const file = { content: winning, experiment: 'offer', default: 'old', max: 6000 };
  await says('experiment.import', { ...file, dryRun: true });
  await says('experiment.import', file);
  await says('experiment.import', file);
  await says('experiment.show', { experiment: 'offer' });
  await says('experiment.list');
  const twice = 'unit,variant,outcome\nu1,old,1\nu1,neu,0\nu2,neu,1\nu3,,1\n';
  await says('experiment.import', { content: twice, experiment: 'gate', default: 'old', acceptGood: true });
  for (const experiment of ['banner', 'price', 'badge'])
    await says('experiment.import', { ...file, experiment });
  const many = armsCsv({ old: [9000, 1400], neu: [2000, 400] });
  await says('experiment.import', { content: many, experiment: 'skewed', default: 'old', max: 30_000 });
  await says('protocol.run', { steps: ['experiments'] });
  await runProtocol();
  for (const experiment of ['offer', 'gate', 'skewed']) await says('experiment.show', { experiment });
  await says('experiment.list');
  await says('experiment.stats');
  await says('experiment.assign', { experiment: 'offer', unit: 'user-17' });
  await says('experiment.approve', { experiment: 'offer', note: 'Looks right' });
  await says('experiment.show', { experiment: 'offer' });
  await says('experiment.rollback', { experiment: 'offer', reason: 'Refunds went up' });
  await says('experiment.reject', { experiment: 'banner', reason: 'The credit costs too much' });
  await says('experiment.show', { experiment: 'banner' });
  await says('experiment.start', { experiment: 'banner' });
  await says('experiment.stop', { experiment: 'banner' });
  await says('experiment.policy', { experiment: 'banner', mode: 'watch', minDays: 3 });
}

/** After the experiments: `price` and `badge` still wait to be decided. */
export async function approvalsDay(desk: Desk): Promise<void> {
  const { says, ravi } = desk;
  await says('approval.list', { view: 'decided' });
  const open = await says('approval.list');
  const id = firstOf(open, 'approvals', 'id');
  await says('approval.show', { approval: id });
  await says('approval.withdraw', { approval: id, reason: 'Not needed any more' });
  const badge = firstOf(await says('approval.list'), 'approvals', 'id');
  await says('approval.reject', { approval: badge, reason: 'Too early for us' }, { by: ravi.actor });
  await says('approval.list', { view: 'waiting' });
  await says('approval.list', { view: 'all' });
  await says('approval.show', { approval: badge });
  const experiments = (await says('experiment.list', { limit: 100 })) as {
    experiments: readonly { key: string; proposal: string | null }[];
  };
  const { key = '' } = experiments.experiments.find(({ proposal }) => proposal === 'open') ?? {};
  await says('experiment.switch', { experiment: key, look: 1, winner: 'neu' });
  const asked = firstOf(await says('approval.list'), 'approvals', 'id');
  await says('approval.show', { approval: asked });
  const done = await says('approval.approve', { approval: asked, note: 'Go on' }, { by: ravi.actor });
  await says('approval.show', { approval: textOf(done, 'id') });
}
