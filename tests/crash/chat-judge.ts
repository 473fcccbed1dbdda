// Judges the chat crash test from the database and the platform: every message one effect, one answer, one audit row.
import { auditLog } from '../../models/audit-log.ts';
import { chatInbox } from '../../models/chat-inbox.ts';
import { connectDatabase } from '../../models/connection.ts';
import { consoleMessages } from '../../models/console-message.ts';
import { destinations } from '../../models/destination.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import { outboxRows } from '../../models/outbox-row.ts';
import { tasks } from '../../models/task.ts';
import type { Said } from './chat-worker.ts';

export interface ChatVerdict {
  readonly duplicates: number;
  readonly ambiguities: number;
  readonly violations: readonly string[];
}

/** @param arrivals ids as the platform without memory showed them. */
export async function judgeChat(
  uri: string,
  said: readonly Said[],
  arrivals: readonly string[],
): Promise<ChatVerdict> {
  const database = await connectDatabase({ uri });
  try {
    const store = createMongoStore(database.connection);
    const all = { where: {}, limit: 100_000 };
    const read = {
      tasks: await store.facts(tasks).scoped('default').find(all),
      updates: await store.facts(chatInbox).scoped('default').find(all),
      rows: await store.records(outboxRows).scoped('default').find(all),
      messages: await store.records(consoleMessages).scoped('default').find(all),
      audit: await store.records(auditLog).scoped('default').find(all),
      destinations: await store.records(destinations).scoped('default').find(all),
    };
    const shown = new Map<string, number>();
    for (const id of arrivals) shown.set(id, (shown.get(id) ?? 0) + 1);
    const violations: string[] = [];
    const expect = (holds: boolean, problem: string): void => {
      if (!holds) violations.push(problem);
    };

    for (const { text } of said) {
      const title = text.replace('/task add ', '');
      const made = read.tasks.filter((task) => task.title === title);
      expect(made.length === 1, `“${title}” was made ${made.length} times`);
      const audited = read.audit.filter((row) => made.some((task) => row.target === task._id));
      expect(audited.length === 1, `“${title}” has ${audited.length} audit rows`);
    }
    expect(read.updates.length === said.length, `${read.updates.length} updates of ${said.length} messages`);
    for (const update of read.updates) {
      expect(update.status === 'done', `update ${update._id} is ${update.status}`);
      const row = read.rows.find(({ _id }) => _id === update.replyItem);
      expect(row?.status === 'sent', `the answer to ${update._id} is ${row?.status ?? 'not in the outbox'}`);
      const times = shown.get(update.replyItem ?? '') ?? 0;
      if (update.room?.startsWith('wire:'))
        expect(
          times >= 1 && times - 1 <= (row?.ambiguities ?? 0),
          `the answer to ${update._id} was shown ${times} times, counted ${row?.ambiguities ?? 0}`,
        );
    }
    const answers = read.messages.filter(({ author }) => author === null);
    const asked = read.updates.filter(({ room }) => room?.startsWith('console:'));
    expect(answers.length === asked.length, `${answers.length} console answers to ${asked.length} messages`);
    for (const { name, holder, sending } of read.destinations)
      expect(!(holder || sending), `destination ${name} is still held`);
    const left = [...read.tasks, ...read.updates].filter(({ outbox }) => outbox.length > 0);
    expect(left.length === 0, `${left.length} facts still carry items`);
    return {
      duplicates: arrivals.length - shown.size,
      ambiguities: read.rows.reduce((sum, row) => sum + row.ambiguities, 0),
      violations,
    };
  } finally {
    await database.close();
  }
}
