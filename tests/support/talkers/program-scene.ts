// The whole program over the store in memory, with Slack, Telegram and the console before it: three doors, one team.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryStore } from '../../../models/memory-store.ts';
import type { Store } from '../../../models/store.ts';
import { readConfig } from '../../../src/config.ts';
import type { Principal } from '../../../src/core/actor.ts';
import { createIds } from '../../../src/core/ids.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { createScrubber } from '../../../src/core/scrub.ts';
import { openDataDir } from '../../../src/data-dir.ts';
import { createProgram, type Program } from '../../../src/program.ts';
import { type SlackFake, startSlackFake } from '../fakes/slack/fake.ts';
import { TelegramFake } from '../fakes/telegram/telegram-fake.ts';
import type { SteppingClock } from '../stepping-clock.ts';
import { consoleVoice } from './console.tsx';
import { openEntrance } from './entrance.ts';
import { createPatientClock } from './patient-clock.ts';
import type { Voice } from './scene.ts';
import { slackVoice } from './slack-voice.ts';
import { joinAccount } from './team.ts';
import { deliveryTo, SECRET } from './telegram.ts';
import { telegramVoice } from './telegram-voice.ts';

/** More than any pace, and what most calls of a method may come in. */
const BETWEEN_LINES_MS = 1_000;
const PACE_MS = 3_100;

export const chatDoors = ['console', 'slack', 'telegram'] as const;
export type ChatDoorName = (typeof chatDoors)[number];

export interface ProgramScene {
  readonly program: Program;
  readonly store: Store;
  readonly clock: SteppingClock;
  readonly log: readonly string[];
  readonly slack: SlackFake;
  readonly telegram: TelegramFake;
  /** The account of a person at a door, joined; null is a stranger, whom the console does not let in. */
  voice(door: ChatDoorName, name: string, person: Principal | null): Promise<Voice>;
  /** The audit log is sealed, as its job does. */
  seal(): Promise<void>;
  /** Shows what waits, until nothing does. */
  deliver(): Promise<void>;
  close(): Promise<void>;
}

/** @param env what the environment says otherwise; the group Ops goes by the public name @ops_room too. */
export async function programScene(env: Readonly<Record<string, string>> = {}): Promise<ProgramScene> {
  const clock = createPatientClock();
  const nowMs = (): number => clock.monotonicMs();
  const [slack, telegram] = await Promise.all([startSlackFake({ nowMs }), TelegramFake.start({ nowMs })]);
  const [slackEntrance, telegramEntrance] = await Promise.all([openEntrance(), openEntrance()]);
  const [slackOps, telegramOps] = [
    slack.workspace.addChannel({ name: 'ops' }),
    telegram.group('Ops', { username: 'ops_room' }),
  ];
  const folder = mkdtempSync(join(tmpdir(), 'program-scene-'));
  const config = readConfig({
    DATA_DIR: folder,
    SLACK_BOT_TOKEN: slack.tokens.bot,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_CHANNEL_ID: slackOps.id,
    SLACK_API_URL: slack.apiUrl,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    TELEGRAM_CHAT_ID: String(telegramOps.id),
    TELEGRAM_MODE: 'webhook',
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    ...env,
  });
  const log: string[] = [];
  const sink = { write: (line: string) => log.push(line) };
  const ids = createIds();
  const store = createMemoryStore();
  const program = createProgram({
    ...{ config, keys: openDataDir(config, ids).keys, store, clock, ids },
    logger: createLogger({ level: 'debug', sink, scrub: createScrubber() }),
    random: () => 0.5,
    publicUrl: () => 'http://127.0.0.1:3000',
    startWork: () => undefined,
  });
  const [slackDoor, telegramDoor] = ['/slack/events', '/telegram/webhook'].map((path) =>
    program.chat.doors().find((door) => door.path === path),
  );
  slackEntrance.door = slackDoor ?? null;
  telegramEntrance.door = telegramDoor ?? null;
  slack.setAppUrl(slackEntrance.url);

  /** What was said is worked on; it is shown when all is delivered. */
  async function settle(): Promise<void> {
    await program.inbox.stop();
    clock.pass(BETWEEN_LINES_MS);
  }
  const stage = { settle, clock, bound: new Set<string>(), isDead: () => false };
  const desk = { stage, keys: 0, door: program.services.console };
  const slackSeat = { stage, fake: slack, ops: slackOps, room: ({ id }: { id: string }) => id };
  const telegramSeat = {
    ...{ stage, fake: telegram, ops: telegramOps, deliver: deliveryTo(telegramEntrance) },
    room: ({ id }: { id: number }) => String(id),
  };

  async function joined(platform: string, account: string, name: string, person: Principal | null) {
    if (!person) return;
    const { identities } = program.services;
    await joinAccount(identities, clock.now(), { platform, account, name }, person);
  }

  return {
    ...{ program, store, clock, log, slack, telegram },
    async voice(door, name, person) {
      if (door === 'slack') {
        const user = slack.workspace.addUser(name);
        await joined('slack', `${user.team}/${user.id}`, name, person);
        return slackVoice(slackSeat, user, person);
      }
      if (door === 'telegram') {
        const user = telegram.user(name);
        await joined('telegram', String(user.id), name, person);
        return telegramVoice(telegramSeat, user, person);
      }
      if (!person) throw new Error('the console lets nobody in who is not on the team');
      return consoleVoice(desk, person);
    },
    async seal() {
      await program.outbox.drain();
      await program.services.audit.sealAll();
    },
    async deliver() {
      await program.inbox.stop();
      do {
        clock.pass(PACE_MS);
        await program.outbox.drain();
      } while ((await program.outbox.health()).waiting > 0);
    },
    async close() {
      await Promise.all([slackEntrance.close(), telegramEntrance.close(), slack.close(), telegram.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
