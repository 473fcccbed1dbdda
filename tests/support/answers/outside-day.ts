// A day with the world outside: webhooks that come in, events and mails that go out, facts and the figures made of them.
import { type Desk, textOf } from './desk.ts';

export async function webhooksDay({ says, program }: Desk): Promise<void> {
  const source = { name: 'status-page' };
  const field = ['key=incident.id', 'title=incident.name', "type='incident.opened'"];
  await says('webhook.list');
  await says('webhook.add', source);
  await says('webhook.rotate', source);
  await says('webhook.rotate', { ...source, hours: 0 });
  await says('webhook.map', { ...source, field });
  await says('webhook.map', source);
  await says('webhook.limit', { ...source, perMinute: 600 });
  await says('webhook.show', { what: source.name });
  const event = textOf(await says('webhook.test', source), 'event');
  await says('webhook.show', { what: source.name });
  await says('webhook.show', { what: event });
  await says('webhook.list');
  await program.services.webhooks.work();
  await says('webhook.show', { what: event });
  await says('webhook.replay', { event });
  await says('webhook.replay', { event: 'dead' });
  await says('webhook.remove', source);
}

export async function endpointsDay({ says }: Desk): Promise<void> {
  await says('endpoint.list');
  const url = 'https://hooks.invalid/wardroom';
  const made = await says('endpoint.add', { url, events: ['experiment.switched'], description: 'the shop' });
  const endpoint = textOf(made, 'id');
  await says('endpoint.add', { url: 'https://hooks.invalid/slack', kind: 'slack' });
  await says('endpoint.list');
  for (const verb of ['show', 'test', 'rotate', 'disable', 'enable', 'replay'])
    await says(`endpoint.${verb}`, { endpoint });
  await says('endpoint.show', { endpoint });
  await says('endpoint.remove', { endpoint });
}

export async function mailDay({ says, program }: Desk): Promise<void> {
  const address = 'asha@example.com';
  await says('mail.list', { state: 'bounced' });
  await says('mail.suppressions');
  const mail = textOf(await says('mail.test', { to: address }), 'id');
  await says('mail.suppress', { address, reason: 'asked by phone' });
  await says('mail.suppressions');
  await program.outbox.drain();
  await says('mail.list');
  await says('mail.show', { mail });
  await says('mail.unsuppress', { address, reason: 'mailbox was cleared' });
  await says('mail.resend', { mail });
  await program.outbox.drain();
  await says('mail.test');
  await says('mail.list');
}

export async function factsDay({ says, program }: Desk): Promise<void> {
  const stream = 'transactions';
  await says('ingest.streams');
  await says('stream.rows', { stream });
  const sale = {
    id: 'T-1',
    at: '2026-11-20T09:30:00+05:30',
    amountPaise: 49_900,
    source: 'app',
    city: 'Pune',
  };
  const rows = [sale, { ...sale, id: 'T-2', source: 'web' }, { id: 'T-3', amountPaise: -1 }];
  const content = rows.map((row) => JSON.stringify(row)).join('\n');
  await says('ingest.rows', { stream, content, source: 'shop' });
  await says('ingest.rejects');
  await says('ingest.replay', { reject: 'all' });
  const csv = 'order_no,paid_on,total\nT-9,2026-11-20T10:00:00+05:30,12.50\n';
  const map = ['order_no=id', 'paid_on=at', 'total=amount'];
  const file = { stream, content: csv, map, source: 'till' };
  await says('ingest.import', { ...file, dryRun: true });
  await says('ingest.import', file);
  await says('ingest.import', { ...file, content: `${csv}T-10,,x\n`, acceptGood: true });
  await says('ingest.streams');
  await program.facts.folding.drain();
  await says('ingest.streams');
  await says('stream.rows', { stream });
  await metricsDay(says);
  const pull = { name: 'shop' };
  await says('pull.list');
  await says('pull.add', { ...pull, stream, url: 'https://shop.invalid/api/orders', map });
  await says('pull.list');
  for (const verb of ['run', 'pause', 'resume', 'remove']) await says(`pull.${verb}`, pull);
}

async function metricsDay(says: Desk['says']): Promise<void> {
  await says('metrics.show');
  await says('metrics.show', { metric: 'revenue', range: 'last 7 days' });
  await says('metrics.show', { metric: 'revenue', range: 'last 7 days', by: 'source' });
  await says('metrics.list');
  await says('metrics.list', { all: true });
  await says('metrics.export', { metric: 'revenue', range: 'last 7 days' });
  await says('metrics.rows', { metric: 'revenue', range: 'last 7 days' });
  await says('metrics.rows', { metric: 'revenue', range: '2020' });
}
