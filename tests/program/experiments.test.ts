// An experiment's whole life in the running program: imported, looked at, approved by one press, sent on, rolled back.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  keptSecret,
  type RunningProgram,
  removeFolder,
  runCommand,
  startProgram,
  temporaryFolder,
  until,
} from '../support/program.ts';
import { type Account, type ProgramRoom, roomOf, type ShownMessage } from '../support/program-room.ts';
import { armsCsv } from '../support/protocol-world.ts';
import { ask } from '../support/web-world.ts';
import { type ReceivedCall, startReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const folder = temporaryFolder();
const dataDir = join(folder, 'data');
const KEY = 'onboarding-offer';
const winning = armsCsv({ inquiries_50: [3000, 150], credit_5000: [3000, 300] });

let receiver: WebhookReceiver;
let settings: Readonly<Record<string, string>>;
let program: RunningProgram;
let room: ProgramRoom;
let asha: Account;
let ravi: Account;

beforeAll(async () => {
  receiver = await startReceiver();
  settings = { DATA_DIR: dataDir, LOG_LEVEL: 'warn', N8N_WEBHOOK_AB_UPDATE: receiver.url };
  program = await startProgram(settings);
  room = roomOf(() => program, settings);
  asha = await room.member('Asha', 'manager');
  ravi = await room.member('Ravi', 'manager');
});
afterAll(async () => {
  await program.kill();
  await receiver.close();
  removeFolder(folder);
});

interface Run {
  readonly id: string;
  readonly status: string;
  readonly steps: readonly { readonly name: string; readonly status: string; readonly summary: string }[];
}

interface Report {
  readonly current: string;
  readonly verdict: { readonly look: number } | null;
  readonly proposal: { readonly status: string } | null;
}

const report = (): Promise<Report> => room.output<Report>(asha, 'experiment.show', { experiment: KEY });

/** The messages of the ops room that tell of the proposal. */
async function proposals(account: Account): Promise<readonly ShownMessage[]> {
  const messages = await room.messages(account);
  return messages.filter((message) => message.shared && message.text.includes(`Switch ${KEY}`));
}

/** The run as it ended. */
function ended(id: string): Promise<Run> {
  return until(async () => {
    const { run } = await room.output<{ run: Run }>(asha, 'protocol.show', { run: id });
    return run.status === 'due' || run.status === 'running' ? undefined : run;
  });
}

/** What n8n makes of a call: the package of Standard Webhooks, with the secret that the program made. */
function verified(call: ReceivedCall): unknown {
  return new Webhook(keptSecret(dataDir, 'n8n.secret')).verify(call.body, call.headers);
}

describe('an experiment', () => {
  it('is imported from a file by the command line, once however often it is said', async () => {
    const file = join(folder, 'exposures.csv');
    writeFileSync(file, winning.replace('unit,variant,outcome', 'user_id,group,converted'));
    const columns = ['--unit', 'user_id', '--variant', 'group', '--outcome', 'converted'];
    const words = ['import', 'exposures', file, '--experiment', KEY, '--default', 'inquiries_50', ...columns];

    expect(await room.cliJson(...words)).toMatchObject({ added: 6000, units: 6000, repeated: false });
    expect(await room.cliJson(...words)).toMatchObject({ added: 0, repeated: true });
  });

  it('is imported over HTTP, where a bad row refuses the whole file', async () => {
    const input = { experiment: 'second-offer', default: 'a', content: armsCsv({ a: [40, 4], b: [40, 4] }) };
    const bad = `${input.content}c-1,c,perhaps\n`;
    const refused = await room.api(asha, 'experiment.import', { ...input, content: bad });

    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('line 82')]);
    expect((await room.api(asha, 'experiment.show', { experiment: 'second-offer' })).status).toBe(404);
    expect(await room.output(asha, 'experiment.import', input)).toMatchObject({ added: 80 });
    expect((await room.api(ravi, 'experiment.import', input)).json()).toMatchObject({
      output: { repeated: true },
    });
  });

  it('is looked at by npm run protocol -- --once, which prints the run', async () => {
    const end = await runCommand('protocol-command', ['--once'], settings);
    const run: Run = JSON.parse(end.stdout);

    expect([end.code, run.status]).toEqual([0, 'completed']);
    expect(run.steps.find((step) => step.name === 'experiments')).toMatchObject({
      status: 'waiting',
      summary: expect.stringContaining('Switch from inquiries_50 to credit_5000'),
    });
    expect((await runCommand('protocol-command', ['--once', '--step', 'nothing'], settings)).code).toBe(2);
  });

  it('is looked at from console and HTTP too, and the same data gives the same look', async () => {
    const said = await until(async () => {
      const answer = await room.say(asha, '/protocol run experiments');
      return answer.text.includes('is under way') ? undefined : answer;
    });
    const id = /run_\w+/.exec(said.text)?.[0] ?? '';
    const first = await ended(id);
    const posted = await until(async () => {
      const path = `${program.url}/api/admin/protocol/runs`;
      const answer = await ask(path, { token: asha.token, json: {} });
      return answer.status === 409 ? undefined : answer;
    });
    const second = await ended((posted.json() as unknown as Run).id);

    expect([first.status, second.status]).toEqual(['completed', 'completed']);
    expect((await report()).verdict?.look).toBe(1);
  });

  it('puts one card with its buttons before everybody in the ops room', async () => {
    for (const account of [asha, ravi]) {
      const cards = await until(async () => {
        const found = await proposals(account);
        return found.length > 0 ? found : undefined;
      });

      expect(cards.map(({ buttons }) => buttons.map(({ label }) => label))).toEqual([
        ['Approve switch', 'Reject'],
      ]);
    }
  });

  it('is never switched by a service account, whatever its role and door', async () => {
    const { token = '' } = await room.cliJson('token', 'create', '--role', 'owner', '--name', 'robot');
    const robot: Account = { ...asha, id: '', token };
    const [card] = await proposals(asha);
    const pressed = await room.press(robot, card?.buttons[0]?.id ?? '');
    const refused = await room.api(robot, 'experiment.approve', { experiment: KEY });

    expect(pressed.text).toContain('is for people alone');
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('permission.denied')]);
    expect((await room.say(robot, '/why experiment approve')).text).toContain('service accounts never do');
    expect(await report()).toMatchObject({ current: 'inquiries_50', proposal: { status: 'open' } });
  });

  it('is switched by one press; the next press is told who decided', async () => {
    receiver.answerNext(500);
    const [card] = await proposals(asha);
    const button = card?.buttons[0]?.id ?? '';
    const pressed = await room.press(asha, button, 'the-press');
    const again = await room.press(asha, button, 'the-press');
    const late = await room.press(ravi, button);

    expect(pressed.text).toContain('Asha approved the switch from inquiries_50');
    expect(again.json()).toEqual(pressed.json());
    expect(late.text).toMatch(/is decided: Asha approved it on/);
    expect(await report()).toMatchObject({ current: 'credit_5000', proposal: { status: 'approved' } });
  });

  it('shows on the card what was decided, without buttons', async () => {
    const [card, ...more] = await until(async () => {
      const found = await proposals(ravi);
      return found.every(({ buttons }) => buttons.length === 0) ? found : undefined;
    });

    expect(card?.text).toMatch(/Asha approved it on/);
    expect(more).toEqual([]);
  });

  it('is sent on signed, tried again after a failure that everybody can see, and taken once', async () => {
    const seen = await until(async () => {
      const { entries } = await room.output<{ entries: { attempts: number; problem: string | null }[] }>(
        asha,
        'outbox.list',
        { status: 'waiting' },
      );
      return entries.find((entry) => entry.attempts === 1 && entry.problem !== null);
    });
    await until(() => (receiver.calls.length > 1 ? true : undefined));
    const [failed, taken] = receiver.calls;

    expect(seen.problem).toMatch(/answered 500: the workflow failed/);
    expect(receiver.calls.map(({ status }) => status)).toEqual([500, 200]);
    expect(failed?.headers['webhook-id']).toBe(taken?.headers['webhook-id']);
    expect(taken && verified(taken)).toMatchObject({
      type: 'experiment.switched',
      data: { experiment: KEY, winner: 'credit_5000', previous: 'inquiries_50', decidedBy: 'Asha' },
    });
    expect(() => taken && verified({ ...taken, body: `${taken.body} ` })).toThrow();
  });

  it('is rolled back, which is sent on as an event of its own', async () => {
    const rollback = { experiment: KEY, reason: 'Refunds went up' };
    await room.output(ravi, 'experiment.rollback', rollback);
    const call = await until(() => receiver.calls[2]);

    expect(verified(call)).toMatchObject({
      type: 'experiment.rolled_back',
      data: { winner: 'inquiries_50', previous: 'credit_5000', message: 'Refunds went up' },
    });
    expect(new Set(receiver.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    expect((await room.api(ravi, 'experiment.rollback', rollback)).status).toBe(409);
    expect((await report()).current).toBe('inquiries_50');
  });

  it('has left each decision in the audit log once, and the chain holds', async () => {
    interface Row {
      readonly whoId: string;
      readonly target: string;
      readonly outcome: string;
    }
    const rows = async (what: string): Promise<Row[]> =>
      (await room.output<{ rows: Row[] }>(asha, 'audit.list', { what })).rows;

    const pressed = await rows('approval.approve');
    const said = await rows('experiment.approve');
    const carriedOut = await rows('experiment.switch');
    expect(pressed.filter(({ outcome }) => outcome !== 'denied')).toEqual([
      expect.objectContaining({ whoId: asha.id }),
    ]);
    expect([pressed, said].map((all) => all.filter(({ outcome }) => outcome === 'denied').length)).toEqual([
      1, 1,
    ]);
    expect(carriedOut.map(({ whoId, outcome }) => [whoId, outcome])).toEqual(
      // Asked once by the protocol, carried out once.
      [
        ['system', 'done'],
        ['system', 'done'],
      ],
    );
    expect(await until(async () => (await rows('experiment.rollback'))[0])).toMatchObject({ whoId: ravi.id });
    expect(await room.output(asha, 'audit.verify', {})).toMatchObject({ holds: true });
    expect(receiver.calls).toHaveLength(3);
  });
});
