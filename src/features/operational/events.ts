// The events of incidents and deploys that our own clients, n8n and sources added by staff may send.
import { z } from 'zod';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import type { MappingTarget, ReceivedEvent } from '../../core/webhook-source.ts';
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

/** What such an event holds, in the envelope of all events: type, at, data. */
export const operationalEvents = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal(['incident.opened', 'incident.resolved']), at, data: incident }),
  z.strictObject({
    type: z.literal(['deploy.started', 'deploy.failed', 'deploy.succeeded']),
    at,
    data: deploy,
  }),
]);

export type OperationalEvent = z.output<typeof operationalEvents>;

/** Records an event and answers what it did. */
export async function takeOperationalEvent(
  { services, ...ctx }: Ctx & { readonly services: { readonly operational: Operational } },
  given: OperationalEvent,
  event: ReceivedEvent,
): Promise<string> {
  const outcome = await services.operational.record(ctx, told(given, event));
  return `${given.type} ${given.data.key}: ${outcome}`;
}

function told({ type, at: happenedAt, data }: OperationalEvent, event: ReceivedEvent): Told {
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
function envelopeOf(row: Readonly<Record<string, unknown>>): OperationalEvent {
  const { type, at: happenedAt, level, ...data } = row;
  const isIncident = String(type).startsWith('incident.');
  const judged = operationalEvents.safeParse({
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
