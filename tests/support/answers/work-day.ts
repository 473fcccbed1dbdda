// A day of work: tasks, the protocol, the audit log, what waits to be sent, and the room's own verbs.
import { outboxRows } from '../../../models/outbox-row.ts';
import { wordsOf } from '../../../src/core/operation.ts';
import { type Desk, firstOf, textOf } from './desk.ts';

export async function tasksDay({ says, asha }: Desk): Promise<void> {
  await says('task.list');
  await says('task.list', { view: 'done' });
  const first = await says('task.add', { title: 'Wallet receipt is missing', priority: 'high' });
  await says('task.list');
  await says('task.take', { task: textOf(first, 'id') }, { by: asha.actor });
  await says('task.done', { task: textOf(first, 'id'), note: 'Receipts are sent again' });
  const second = await says('task.add', { title: 'Check the Pune feed' });
  await says('task.drop', { task: textOf(second, 'id'), reason: 'Duplicate of the receipts task' });
  const list = '- [ ] Fix the receipts page (high)\n- [x] Call the bank again\n- [ ] \n';
  await says('task.import', { content: '- [ ] Fix the receipts page (high)', dryRun: true });
  await says('task.import', { content: list, acceptGood: true });
  await says('task.import', {
    content: 'title,priority\nAsk the printer shop,soon\n,high\n',
    acceptGood: true,
  });
  await says('task.add', { title: 'Order more paper rolls' });
  await says('task.list', { limit: 1 });
}

export async function protocolDay({ says, runProtocol }: Desk): Promise<void> {
  await says('protocol.history');
  await says('protocol.status');
  const run = await says('protocol.run');
  await says('protocol.history');
  await runProtocol();
  await says('protocol.history', { limit: 2 });
  await says('protocol.show', { run: textOf(run, 'id') });
  await says('protocol.pause', { for: '4 hours' });
  await says('protocol.status');
  await says('protocol.resume');
  await says('protocol.status');
}

export async function auditDay({ says, program }: Desk): Promise<void> {
  await says('audit.verify');
  await says('audit.list', { who: 'nobody-of-that-name' });
  await says('audit.list', { limit: 3 });
  await program.outbox.drain();
  await program.services.audit.sealAll();
  await says('audit.verify');
  await says('audit.verify', { head: `1:${'0'.repeat(64)}` });
}

export async function outboxDay({ says, store, clock }: Desk): Promise<void> {
  await says('outbox.list');
  const now = clock.now();
  const row = { destination: 'hook:nowhere', scheme: 'hook', aggregate: 'tsk_1', position: 1, at: now };
  const fate = { attempts: 3, dueAt: now, ambiguities: 1, marks: 3, messageId: null, problem: 'gone' };
  const reply = { blocks: [{ kind: 'text', text: 'Receipts are late' }] } as const;
  await store
    .records(outboxRows)
    .scoped('default')
    .insertOnce('tsk_1:1:1', {
      ...{ ...row, ...fate, body: { kind: 'reply', reply }, status: 'dead' },
      ...{ sentAt: null, diedAt: now, replayKey: null },
    });
  const dead = await says('outbox.list');
  await says('outbox.retry', { item: firstOf(dead, 'entries', 'id') });
  await says('outbox.retry', { item: 'all' });
}

export async function roomDay({ says, program, asha }: Desk): Promise<void> {
  await says('help.show');
  await says('help.show', { verb: 'task' });
  for (const verb of program.dispatcher.verbs.values()) await says('help.show', { verb: wordsOf(verb) });
  await says('why.show', { verb: 'task add' });
  await says('why.show', { verb: 'team role' }, { by: asha.actor });
  await says('room.list');
  await says('room.bind', { room: 'slack:T0123/C0456' });
  await says('room.list');
  await says('room.unbind', { room: 'slack:T0123/C0456' });
}
