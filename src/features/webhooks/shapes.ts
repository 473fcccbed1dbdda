// What the verbs of webhooks answer with: sources and events, as JSON can say them.
import { z } from 'zod';
import { type WebhookEvent, webhookEventStatuses } from '../../../models/webhook-inbox.ts';
import { webhookSchemes } from '../../core/webhook-source.ts';
import type { SourceView } from './overview.ts';

const mapping = z.object({
  to: z.string(),
  each: z.string().nullable(),
  fields: z.array(z.object({ field: z.string(), from: z.string() })),
  words: z.array(z.object({ theirs: z.string(), ours: z.string() })),
});

export const shownSource = z.object({
  name: z.string(),
  summary: z.string(),
  scheme: z.enum(webhookSchemes),
  secrets: z.int(),
  keptIn: z.string(),
  url: z.string(),
  waiting: z.int(),
  dead: z.int(),
  lastAt: z.iso.datetime().nullable(),
  lag: z.object({ medianMs: z.number(), worstMs: z.number() }).nullable(),
  counts: z.record(z.string(), z.int()),
  mapping: mapping.nullable(),
  perMinute: z.int(),
  curl: z.string(),
});
export type ShownSource = z.output<typeof shownSource>;

export const shownEvent = z.object({
  id: z.string(),
  source: z.string(),
  status: z.enum(webhookEventStatuses),
  receivedAt: z.iso.datetime(),
  attempts: z.int(),
  bytes: z.int(),
  senderId: z.string().nullable(),
  test: z.boolean(),
  note: z.string().nullable(),
  problem: z.string().nullable(),
});
export type ShownEvent = z.output<typeof shownEvent>;

export const showSource = ({ last, mapping: read, ...view }: SourceView): ShownSource => ({
  ...view,
  mapping: read && { ...read, fields: [...read.fields], words: [...read.words] },
  lastAt: last?.at.toISOString() ?? null,
});

export function showEvent(event: WebhookEvent): ShownEvent {
  const { _id: id, source, status, createdAt, attempts, bytes, senderId, test, note, problem } = event;
  const receivedAt = createdAt.toISOString();
  return { id, source, status, receivedAt, attempts, bytes, senderId, test, note, problem };
}
