// Judges the protocol crash test from the database: every run ended once, every data state was looked at once.
import { auditBlocks } from '../../models/audit-block.ts';
import { auditLog } from '../../models/audit-log.ts';
import { cards } from '../../models/card.ts';
import { consoleMessages } from '../../models/console-message.ts';
import { experiments } from '../../models/experiment.ts';
import { experimentLooks } from '../../models/experiment-look.ts';
import { experimentRollups, TOTAL } from '../../models/experiment-rollup.ts';
import { outboxRows } from '../../models/outbox-row.ts';
import { protocolActions } from '../../models/protocol-action.ts';
import { protocolRuns } from '../../models/protocol-run.ts';
import type { Store } from '../../models/store.ts';
import { systemClock } from '../../src/core/clock.ts';
import { verifyChain } from '../../src/features/audit/verify.ts';
import type { ExpectedState } from './protocol-data.ts';

export interface ProtocolVerdict {
  readonly runs: number;
  readonly looks: number;
  readonly proposals: number;
  readonly actions: number;
  readonly violations: readonly string[];
}

type Tables = Awaited<ReturnType<typeof readTables>>;
type Expect = (holds: boolean, problem: string) => void;

/** @param expected what each experiment's looks must have seen; @param asked the runs that were acknowledged. */
export async function judgeProtocol(
  store: Store,
  given: {
    readonly expected: ReadonlyMap<string, readonly ExpectedState[]>;
    readonly asked: readonly string[];
    readonly secretKey: string;
  },
): Promise<ProtocolVerdict> {
  const tables = await readTables(store);
  const violations: string[] = [];
  const expect: Expect = (holds, problem) => {
    if (!holds) violations.push(problem);
  };
  judgeRuns(tables, given.asked, expect);
  for (const [key, states] of given.expected) judgeExperiment(tables, key, states, expect);
  judgeDelivery(tables, expect);
  const rows = store.records(auditLog);
  const chain = { rows, blocks: store.records(auditBlocks), key: given.secretKey, clock: systemClock };
  const { problems, open } = await verifyChain(chain, 'default');
  expect(problems.length === 0, `the audit chain has ${problems.length} problems`);
  expect(open === 0, `${open} audit rows were never sealed`);
  return {
    runs: tables.runs.length,
    looks: tables.looks.length,
    proposals: tables.experiments.filter(({ proposal }) => proposal !== null).length,
    actions: tables.actions.length,
    violations,
  };
}

async function readTables(store: Store) {
  const all = { where: {}, limit: 100_000 };
  return {
    runs: await store.facts(protocolRuns).scoped('default').find(all),
    actions: await store.records(protocolActions).scoped('default').find(all),
    experiments: await store.facts(experiments).scoped('default').find(all),
    looks: await store
      .records(experimentLooks)
      .scoped('default')
      .find({ ...all, sort: [['look', 1]] }),
    rollups: await store.records(experimentRollups).scoped('default').find(all),
    cards: await store.records(cards).scoped('default').find(all),
    rows: await store.records(outboxRows).scoped('default').find(all),
    messages: await store.records(consoleMessages).scoped('default').find(all),
    audit: await store.records(auditLog).scoped('default').find(all),
  };
}

/** Each slot and each acknowledged request has one run, which completed once and says so on one card. */
function judgeRuns({ runs, cards: live, audit }: Tables, asked: readonly string[], expect: Expect): void {
  const slots = runs.flatMap(({ slotStart }) => (slotStart ? [slotStart.getTime()] : []));
  expect(new Set(slots).size === slots.length, `${slots.length} runs for ${new Set(slots).size} slots`);
  for (const id of asked)
    expect(
      runs.some((run) => run._id === id),
      `the run ${id} was acknowledged and lost`,
    );
  for (const run of runs) {
    const ends = audit.filter(
      (row) => row.target === run._id && row.after !== null && row.after['status'] === 'completed',
    );
    const card = live.find(({ key }) => key === run._id);
    expect(run.status === 'completed', `the run ${run._id} is ${run.status}`);
    expect(ends.length === 1, `the run ${run._id} ended ${ends.length} times`);
    expect(
      card?.status === 'shown' && card.shownRevision === card.revision && card.revision === run.version,
      `the card of ${run._id} shows revision ${card?.shownRevision} of ${run.version} (${card?.status})`,
    );
  }
}

function judgeExperiment(
  tables: Tables,
  key: string,
  states: readonly ExpectedState[],
  expect: Expect,
): void {
  const looks = tables.looks.filter((look) => look.experiment === key);
  const seen = looks.map(({ input }) => unitsOf(input['arms']));
  const wanted = states.map(({ units }) => units);
  expect(seen.join() === wanted.join(), `the looks at ${key} saw ${seen.join()} of ${wanted.join()} units`);
  const total = tables.rollups.find(({ experiment, bucket }) => experiment === key && bucket === TOTAL);
  expect(
    unitsOf(total?.counts) === wanted.at(-1),
    `${key} counts ${unitsOf(total?.counts)} of ${wanted.at(-1)}`,
  );
  const actions = tables.actions.filter(({ action }) => action === `look:${key}`);
  expect(actions.length === looks.length, `${actions.length} actions for ${looks.length} looks at ${key}`);

  const found = tables.experiments.find((one) => one.key === key);
  const isWon = states.at(-1)?.isWon === true;
  expect(
    (found?.proposal?.status === 'open') === isWon,
    `the proposal of ${key} is ${found?.proposal?.status}`,
  );
  expect(found?.verdict?.look === states.length, `${key} stands at look ${found?.verdict?.look}`);
  const shown = tables.messages.filter(({ blocks }) => JSON.stringify(blocks).includes(`Switch ${key} from`));
  expect(shown.length === (isWon ? 1 : 0), `the proposal of ${key} was shown ${shown.length} times`);
}

function judgeDelivery({ cards: live, rows }: Tables, expect: Expect): void {
  for (const { _id, status, revision, shownRevision } of live)
    expect(status === 'shown' && shownRevision === revision, `the card ${_id} is ${status}`);
  for (const { _id, status } of rows) expect(status === 'sent', `the message ${_id} is ${status}`);
}

function unitsOf(arms: unknown): number {
  return Array.isArray(arms) ? arms.reduce((sum: number, { exposed }) => sum + Number(exposed), 0) : 0;
}
