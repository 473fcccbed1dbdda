import { describe, expect, it } from 'vitest';
import type { Recognised, StoredUpdate, Update } from '../../bots/adapter.ts';
import { createInbox } from '../../bots/inbox.ts';
import { type ChatUpdate, chatInbox } from '../../models/chat-inbox.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { AppError } from '../../src/core/errors.ts';
import { createLogger } from '../../src/core/logger.ts';
import { reply } from '../../src/core/reply.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { person } from '../support/conversation.ts';
import { createSteppingClock } from '../support/stepping-clock.ts';

const asha = person('Asha', 'manager');
const logger = createLogger({ level: 'silent', sink: { write: () => undefined }, scrub: createScrubber() });

interface Wired {
  readonly words: string;
}

function world() {
  const store = createMemoryStore();
  const clock = createSteppingClock();
  const updates = store.facts<ChatUpdate>(chatInbox);
  const answered: string[] = [];
  const events: string[] = [];

  /** One process: `read` and `work` may be replaced by something that fails. */
  function process(parts: {
    read?: (stored: StoredUpdate) => Promise<Recognised | { ignored: string }>;
    work?: (update: Update) => Promise<void>;
  }) {
    return createInbox({
      updates,
      adapters: [{ platform: 'wire', door: 'slack', read: parts.read ?? readWords }],
      answer: async (update) => {
        const said = update.content.kind === 'text' ? update.content.text : '';
        await parts.work?.(update);
        answered.push(said);
        return { room: update.room, place: { thread: 't1' }, reply: reply(`heard ${said}`) };
      },
      clock,
      logger,
      worker: `process ${Math.random()}`,
    });
  }

  const rows = (): Promise<ChatUpdate[]> => updates.scoped('default').find({ where: {}, limit: 100 });
  return { clock, answered, events, process, rows };
}

async function readWords({ body }: StoredUpdate): Promise<Recognised> {
  const { words } = body as Wired;
  return { principal: asha, room: 'wire:C1', content: { kind: 'text', text: words } };
}

const raw = (key: string, words: string, lane = 'C1') => ({
  platform: 'wire',
  tenant: 'default',
  key,
  lane,
  body: { words },
});

describe('an update that is stored as it came', () => {
  it('is durable before it is worked on, and is answered in its place', async () => {
    const { process, rows, answered } = world();
    const inbox = process({});
    expect(await inbox.receive(raw('m1', 'hello'))).toMatchObject({ repeated: false });
    expect(await rows()).toHaveLength(1);
    await inbox.stop();
    expect(answered).toEqual(['hello']);
    const [row] = await rows();
    expect(row).toMatchObject({ status: 'done', room: 'wire:C1', principal: asha });
    expect(row?.outbox.map(({ content }) => content)).toMatchObject([
      { kind: 'send', destination: 'wire:C1', body: { place: { thread: 't1' }, inReplyTo: row?._id } },
    ]);
  });

  it('is answered once, however often and in whatever form it comes again', async () => {
    const { process, answered } = world();
    const inbox = process({});
    const first = await inbox.receive(raw('m1', 'hello'));
    const again = await inbox.receive(raw('m1', '<@U1> hello'));
    expect(again).toEqual({ id: first.id, repeated: true });
    await inbox.stop();
    await inbox.receive(raw('m1', 'hello'));
    expect(answered).toEqual(['hello']);
  });

  it('keeps the order of its lane, and holds up no other', async () => {
    const { process, answered } = world();
    const open: (() => void)[] = [];
    const inbox = process({
      work: async ({ content }) => {
        if (content.kind === 'text' && content.text === 'slow')
          await new Promise<void>((go) => open.push(go));
      },
    });
    await inbox.receive(raw('m1', 'slow'));
    await inbox.receive(raw('m2', 'after'));
    await inbox.receive(raw('m3', 'elsewhere', 'C2'));
    await expect.poll(() => answered).toEqual(['elsewhere']);
    open[0]?.();
    await inbox.stop();
    expect(answered).toEqual(['elsewhere', 'slow', 'after']);
  });

  it('that is nobody’s to answer is marked with the reason, and leaves nothing', async () => {
    const { process, rows } = world();
    const inbox = process({ read: async () => ({ ignored: 'said by a bot' }) });
    await inbox.receive(raw('m1', 'beep'));
    await inbox.stop();
    expect(await rows()).toMatchObject([
      { status: 'done', ignored: 'said by a bot', reply: null, outbox: [] },
    ]);
  });

  it('is read again after a passing fault', async () => {
    const { process, rows } = world();
    let tries = 0;
    const inbox = process({
      read: async (stored) => {
        tries += 1;
        if (tries === 1) throw new AppError('remote.unavailable', 'Slack did not answer.');
        return readWords(stored);
      },
    });
    await inbox.receive(raw('m1', 'hello'));
    await inbox.stop();
    await inbox.recover();
    expect(await rows()).toMatchObject([{ status: 'done', attempts: 2 }]);
  });

  it('is taken over when its process is gone', async () => {
    const { process, rows, clock, answered } = world();
    const gone = process({ read: () => new Promise<never>(() => undefined) });
    await gone.receive(raw('m1', 'hello'));
    await clock.sleep(61_000);
    expect(await process({}).recover()).toBe(1);
    expect(answered).toEqual(['hello']);
    expect(await rows()).toMatchObject([{ status: 'done' }]);
  });
});
