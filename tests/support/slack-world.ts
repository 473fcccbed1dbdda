// The whole program over the store in memory, beside a Slack of its own: people talk to it as they would in Slack.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ChatUpdate, chatInbox } from '../../models/chat-inbox.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { readConfig } from '../../src/config.ts';
import type { Actor } from '../../src/core/actor.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Ctx } from '../../src/core/context.ts';
import { createIds } from '../../src/core/ids.ts';
import { createLogger } from '../../src/core/logger.ts';
import type { Role } from '../../src/core/permissions.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { openDataDir } from '../../src/data-dir.ts';
import { createProgram, type Program } from '../../src/program.ts';
import type { Delivered } from './fakes/slack/app-door.ts';
import {
  buttonsOf,
  type SayOptions,
  type SlackFake,
  type SlackFakeOptions,
  startSlackFake,
  visibleText,
} from './fakes/slack/fake.ts';
import type { SlackChannel, SlackMessage, SlackUser } from './fakes/slack/workspace.ts';
import { createFastClock } from './fast-clock.ts';
import { until } from './program.ts';
import { operator, webWorld } from './web-world.ts';

export interface SlackTalker {
  readonly user: SlackUser;
  /** Says a line in a channel; in the private one with the app unless told. */
  says(text: string, where?: SlackChannel, how?: SayOptions): Promise<SlackMessage | undefined>;
  /** Presses the button of that label on the newest message that has it. */
  presses(label: string, where?: SlackChannel): Promise<Delivered>;
  /** The newest answer in sight holds this. */
  sees(text: string | RegExp, where?: SlackChannel): Promise<void>;
  neverSees(text: string | RegExp, where?: SlackChannel): Promise<void>;
  offered(where?: SlackChannel): Promise<readonly string[]>;
  /** Everything in sight, as plain text; what this person said begins with `> `. */
  transcript(where?: SlackChannel): readonly string[];
}

export interface SlackWorld {
  readonly fake: SlackFake;
  readonly program: Program;
  readonly clock: Clock;
  readonly logs: readonly string[];
  /** Where the program takes what Slack sends. */
  readonly appUrl: string;
  /** Bound by the operator. */
  readonly ops: SlackChannel;
  /** Somebody of the team, their account linked. */
  person(name: string, role: Role): Promise<SlackTalker>;
  /** Somebody in the workspace whom nobody has linked. */
  stranger(user: SlackUser): SlackTalker;
  /** All that was said is answered, all that was answered is sent. */
  settle(): Promise<void>;
  updates(): Promise<readonly ChatUpdate[]>;
  close(): Promise<void>;
}

export async function slackWorld(
  options: {
    readonly speed?: number;
    readonly fake?: SlackFakeOptions;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<SlackWorld> {
  const clock = createFastClock(options.speed ?? 2);
  const fake = await startSlackFake({ nowMs: () => clock.now().getTime(), ...options.fake });
  const ops = fake.workspace.addChannel({ name: 'ops' });
  const logs: string[] = [];
  const scrub = createScrubber();
  const logger = createLogger({ level: 'debug', sink: { write: (line) => logs.push(line) }, scrub });
  const folder = mkdtempSync(join(tmpdir(), 'slack-world-'));
  const config = readConfig({
    DATA_DIR: folder,
    SLACK_BOT_TOKEN: fake.tokens.bot,
    SLACK_SIGNING_SECRET: fake.signingSecret,
    SLACK_CHANNEL_ID: ops.id,
    SLACK_API_URL: fake.apiUrl,
    ...options.env,
  });
  const ids = createIds();
  const { keys } = openDataDir(config, ids);
  const store = createMemoryStore();
  const program = createProgram({
    ...{ config, keys, store, clock, ids, logger },
    random: () => 0.5,
    publicUrl: () => 'http://127.0.0.1:3000',
    startWork: () => undefined,
  });
  const web = await webWorld({ chatDoors: program.chat.doors(), logger }, store);
  const appUrl = `${web.url}/slack/events`;
  fake.setAppUrl(appUrl);
  for (const worker of program.workers) worker.start();

  const updates = (): Promise<ChatUpdate[]> =>
    store.facts<ChatUpdate>(chatInbox).scoped('default').find({ where: {}, limit: 1_000 });
  const isBusy = async (): Promise<boolean> =>
    (await updates()).some(({ status, outbox }) => status === 'working' || outbox.length > 0) ||
    (await program.outbox.health()).waiting > 0;
  const settle = (): Promise<void> =>
    until(async () => ((await isBusy()) ? undefined : null)).then(() => undefined);

  function talker(user: SlackUser): SlackTalker {
    const own = fake.workspace.directChannel(user);
    ops.members.add(user.id);
    const answers = (where: SlackChannel): readonly SlackMessage[] =>
      fake.seenBy(user, where).filter(({ byBot }) => byBot);
    const newest = (where: SlackChannel): string => {
      const last = answers(where).at(-1);
      return last ? visibleText(last) : '';
    };
    return {
      user,
      async says(text, where = own, how = {}) {
        const { message, delivered } = await fake.says(user, where, text, how);
        for (const { status } of delivered) expect(status).toBe(200);
        await settle();
        return message;
      },
      async presses(label, where = own) {
        const delivered = await fake.presses(user, where, label);
        expect(delivered.status).toBe(200);
        await settle();
        return delivered;
      },
      async sees(text, where = own) {
        await settle();
        if (typeof text === 'string') expect(newest(where)).toContain(text);
        else expect(newest(where)).toMatch(text);
      },
      async neverSees(text, where = own) {
        await settle();
        const all = answers(where).map(visibleText).join('\n');
        if (typeof text === 'string') expect(all).not.toContain(text);
        else expect(all).not.toMatch(text);
      },
      async offered(where = own) {
        await settle();
        const last = answers(where).at(-1);
        return last ? buttonsOf(last) : [];
      },
      transcript: (where = own) =>
        fake.seenBy(user, where).map((one) => (one.byBot ? visibleText(one) : `> ${one.text}`)),
    };
  }

  async function person(name: string, role: Role): Promise<SlackTalker> {
    const user = fake.workspace.addUser(name);
    const { identities, people } = program.services;
    const ctx = (actor: Actor, step: string): Ctx => {
      const requestId = ids.fresh('req');
      return {
        ...{ tenant: 'default', actor, door: 'cli', operation: `test.${step}`, now: clock.now() },
        ...{ requestId, effectKey: requestId, zone: 'Asia/Kolkata', language: 'en' },
      };
    };
    const { person: invited } = await people.invite(ctx(operator, 'invite'), name, role);
    const account = `${fake.workspace.team.id}/${user.id}`;
    const stranger = await identities.principalOf({ tenant: 'default', platform: 'slack', account, name });
    const { code } = await identities.offer(ctx(stranger.actor, 'offer'));
    const actor: Actor = { kind: 'person', id: invited._id, name, role };
    await identities.join(ctx(actor, 'join'), code, true);
    return talker(user);
  }

  return {
    ...{ fake, program, clock, logs, appUrl, ops, person, settle, updates },
    stranger: talker,
    async close() {
      await web.close();
      for (const worker of [...program.workers].reverse()) await worker.stop();
      await fake.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
