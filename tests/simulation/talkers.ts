// People in a simulation: they say things to whichever process lives, and say them again until they are answered.
import { createInbox, type Inbox } from '../../bots/inbox.ts';
import { chatInbox } from '../../models/chat-inbox.ts';
import type { Store } from '../../models/store.ts';
import type { Principal } from '../../src/core/actor.ts';
import type { Clock } from '../../src/core/clock.ts';
import { AppError } from '../../src/core/errors.ts';
import { reply } from '../../src/core/reply.ts';
import { traceOf } from '../../src/core/trace.ts';
import { contextAt, posts, silent } from '../outbox/support/outbox-world.ts';
import type { Chance, VirtualTime } from './virtual-time.ts';

const PATIENCE_MS = 5_000;

const talker: Principal = {
  tenant: 'default',
  actor: { kind: 'person', id: 'usr_talker', name: 'Talker', role: 'user' },
  zone: 'UTC',
  language: 'en',
};

export interface Talk {
  /** The inboxes of the processes that are there now; one of a dead process never answers. */
  readonly doors: Map<string, Inbox>;
  readonly unanswered: Map<string, string>;
  readonly answered: Set<string>;
}

export const createTalk = (): Talk => ({ doors: new Map(), unanswered: new Map(), answered: new Set() });

/** An inbox whose one verb writes a post, once for each update. */
export function createTalkInbox(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly worker: string;
}): Inbox {
  const { store, clock } = options;
  const facts = store.facts(posts).scoped('default');
  return createInbox({
    ...options,
    updates: store.facts(chatInbox),
    adapters: [{ platform: 'talk', door: 'console', noticed: async () => undefined }],
    logger: silent,
    answer: async ({ id, room }) => {
      const trace = traceOf(contextAt(clock.now(), id), { target: 'pst' });
      const post = `pst_of_${id}`;
      try {
        const { record } = await facts.insertOnce(post, { round: 1 }, trace);
        return { room, reply: reply(`Posted ${record._id}`) };
      } catch (thrown) {
        throw new AppError('database.unavailable', 'Try again.', { cause: thrown });
      }
    },
  });
}

/** Says it to one process; true when it was answered within a person's patience. */
async function say(talk: Talk, time: VirtualTime, inbox: Inbox, key: string): Promise<boolean> {
  const room = talk.unanswered.get(key) ?? '';
  const incoming = {
    platform: 'talk',
    principal: talker,
    room,
    content: { kind: 'text', text: key },
    key,
  } as const;
  const heard = inbox.take(incoming).then(
    () => true,
    () => false,
  );
  const tired = new Promise<boolean>((resolve) => {
    time.after(PATIENCE_MS, () => resolve(false));
  });
  const answered = await Promise.race([heard, tired]);
  if (answered && talk.unanswered.delete(key)) talk.answered.add(key);
  return answered;
}

export async function runTalker(talk: Talk, time: VirtualTime, chance: Chance, endMs: number): Promise<void> {
  for (let n = 1; time.nowMs() < endMs; n += 1) {
    const key = `said-${n}`;
    talk.unanswered.set(key, chance.pick(['chat:b', 'console:c']));
    for (let done = false; !done && time.nowMs() < endMs; ) {
      const doors = [...talk.doors.values()];
      if (doors.length > 0) done = await say(talk, time, chance.pick(doors), key);
      await new Promise<void>((resolve) => void time.after(chance.between(50, 2_000), resolve));
    }
  }
}

/** In peace, what was said and never answered is said once more; nobody waits while time stands still. */
export async function sayTheRest(talk: Talk, inbox: Inbox): Promise<void> {
  for (const [key, room] of talk.unanswered) {
    const content = { kind: 'text', text: key } as const;
    const heard = inbox.take({ platform: 'talk', principal: talker, room, content, key });
    void heard.then(
      () => talk.unanswered.delete(key) && talk.answered.add(key),
      () => undefined,
    );
  }
  await inbox.recover();
}
