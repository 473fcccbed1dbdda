// The events that our own clients, n8n and sources added by staff may send: one envelope, every type by name.
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import {
  type MappingTarget,
  type ReceivedEvent,
  sourcesOf,
  type WebhookSource,
} from '../../core/webhook-source.ts';
import { address, instant } from './payload.ts';
import type { Operational, Told } from './service.ts';

const key = z
  .string()
  .min(1)
  .max(200)
  .describe('the id of the incident or deploy, the same in all its events');
const title = z.string().min(1).max(300).describe('what a person reads');
const at = instant.describe('when it happened, such as 2026-11-02T09:30:00Z');
const url = address.nullish().describe('where more is to be read');
const environment = z.string().max(200).default('').describe('such as production');

const incident = z.strictObject({
  key,
  title,
  level: z.enum(['info', 'warning', 'error', 'fatal']).default('error'),
  environment,
  url,
});
const deploy = z.strictObject({ key, title, environment, url });

/** Every type with its state; a type that is not here is unknown. */
const types = {
  'incident.opened': { kind: 'incident', status: 'open', rank: 0 },
  'incident.resolved': { kind: 'incident', status: 'resolved', rank: 1 },
  'deploy.started': { kind: 'deploy', status: 'running', rank: 1 },
  'deploy.failed': { kind: 'deploy', status: 'failed', rank: 2 },
  'deploy.succeeded': { kind: 'deploy', status: 'succeeded', rank: 3 },
} as const;

const payload = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal(['incident.opened', 'incident.resolved']), at, data: incident }),
  z.strictObject({
    type: z.literal(['deploy.started', 'deploy.failed', 'deploy.succeeded']),
    at,
    data: deploy,
  }),
]);

function told({ type, at: happenedAt, data }: z.output<typeof payload>, event: ReceivedEvent): Told {
  const { kind, status, rank } = types[type];
  const level = 'level' in data ? data.level : status === 'failed' ? 'error' : 'info';
  const { source, receivedAt } = event;
  const { key: externalId, title: text, environment: where, url: link } = data;
  const state = { kind, status, rank, level, source, externalId, receivedAt, happenedAt };
  return { ...state, title: text, environment: where, url: link ?? null };
}

/** The same events as one row of plain fields, for bodies of a foreign shape. */
const plainEvent = z.strictObject({
  type: z
    .enum(['incident.opened', 'incident.resolved', 'deploy.started', 'deploy.failed', 'deploy.succeeded'])
    .describe('which event it is'),
  key,
  title,
  at: z.iso.datetime({ offset: true }).describe('when it happened; the receipt where it is not told'),
  level: z.enum(['info', 'warning', 'error', 'fatal']).default('error').describe('of an incident'),
  environment,
  url: z.string().max(2_000).exactOptional().describe('where more is to be read'),
});

export const eventsTarget: MappingTarget<{ readonly operational: Operational }> = {
  name: 'events',
  fields: plainEvent,
  sample: (id, sampleAt) => ({
    type: 'deploy.succeeded',
    at: sampleAt.toISOString(),
    key: id,
    title: 'A test event',
    environment: 'test',
  }),
  take: async ({ services, ...ctx }, rows, event) => {
    const notes: string[] = [];
    for (const [place, row] of rows.entries()) {
      const given = envelopeOf(row);
      const effectKey = place === 0 ? ctx.effectKey : `${ctx.effectKey}:${place}`;
      const outcome = await services.operational.record({ ...ctx, effectKey }, told(given, event));
      notes.push(`${given.type} ${given.data.key}: ${outcome}`);
    }
    return notes.length === 1 ? (notes[0] ?? '') : `${notes.length} events`;
  },
};

/** @throws AppError `webhook.shape` naming the field that is wrong. */
function envelopeOf(row: Readonly<Record<string, unknown>>): z.output<typeof payload> {
  const { type, at: happenedAt, level, ...data } = row;
  const isIncident = String(type).startsWith('incident.');
  const judged = payload.safeParse({
    type,
    at: happenedAt,
    data: isIncident && level !== undefined ? { ...data, level } : data,
  });
  if (judged.success) return judged.data;
  const [issue] = judged.error.issues;
  throw new AppError(
    'webhook.shape',
    `Mapped wrongly. ${issue?.path.join('.') || 'type'}: ${issue?.message ?? ''}`,
  );
}

const source = sourcesOf<{ readonly operational: Operational }>();

function eventSource(
  plain: Pick<WebhookSource<never>, 'name' | 'summary' | 'secretVariable' | 'checkedAt'>,
): WebhookSource<{ readonly operational: Operational }> {
  return source({
    ...plain,
    scheme: 'standard',
    payload,
    sample: (id, sampleAt) => ({
      type: 'deploy.succeeded',
      at: sampleAt.toISOString(),
      data: { key: id, title: 'A test event', environment: 'test' },
    }),
    handle: async ({ services, ...ctx }, given, event) => {
      const outcome = await services.operational.record(ctx, told(given, event));
      return `${given.type} ${given.data.key}: ${outcome}`;
    },
  });
}

export const eventsSource = eventSource({
  name: 'events',
  summary: 'Events of our own clients',
  secretVariable: 'EVENTS_WEBHOOK_SECRET',
  checkedAt: 'door',
});

export const n8nSource = eventSource({
  name: 'n8n',
  summary: 'Events of n8n workflows',
  secretVariable: 'N8N_WEBHOOK_SECRET',
  checkedAt: 'worker',
});

/** What is done with the events of a source that staff added: they speak the same envelope. */
export const genericSource = eventSource({
  name: 'generic',
  summary: 'Events of a source that staff added',
  secretVariable: '',
  checkedAt: 'worker',
});
