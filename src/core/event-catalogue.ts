// Every event other systems can be told of: its payload as a schema, its version, and how it reads in a chat.
import { z } from 'zod';
import { severities } from './alerting.ts';
import type { OutgoingEvent } from './outbox-item.ts';

interface EventEntry {
  /** Grows with a payload that means something else; the old one is then sent on under its own type. */
  readonly version: number;
  readonly summary: string;
  readonly payload: z.ZodObject;
}

const variant = z.string().min(1);

const switched = <T extends string>(type: T) =>
  z.strictObject({
    event: z.literal(type).describe('the type once more, for receivers that see only the data'),
    version: z.literal(1),
    experiment: z.string().min(1).describe('key of the experiment'),
    winner: variant.describe('the variant that new units get from now on'),
    previous: variant.nullable().describe('the variant they got before; null when it is unknown'),
    lift: z.number().nullable().describe('relative gain of the winner, 0.3 for 30 %; null when unknown'),
    interval: z
      .tuple([z.number(), z.number()])
      .nullable()
      .describe('bounds of the difference in conversion, as fractions'),
    decidedBy: z.string().describe('name of the person or of the policy'),
    message: z.string().describe('the reason in a sentence'),
  });

const requestFacts = <T extends string>(type: T) => ({
  event: z.literal(type).describe('the type once more, for receivers that see only the data'),
  version: z.literal(1),
  approval: z.string().min(1).describe('id of the request'),
  operation: z.string().min(1).describe('what is carried out when it is approved'),
  title: z.string().min(1),
  requestedBy: z.string().describe('name of who asks'),
  payloadHash: z.string().describe('SHA-256 of the exact payload, in hex'),
});

const alert = z.strictObject({
  alert: z.string().describe('id of the group, the same in all its events'),
  group: z.string().describe('name of the group, such as job.failed'),
  title: z.string().describe('the fact, with its number'),
  severity: z.enum(severities),
  source: z.string().describe('what noticed it'),
  firing: z.int().describe('alerts that fire now'),
  total: z.int().describe('alerts since it began'),
  since: z.iso.datetime(),
  at: z.iso.datetime(),
});

const entries = {
  'experiment.switched': {
    version: 1,
    summary: 'New units of an experiment get another variant from now on.',
    payload: switched('experiment.switched'),
  },
  'experiment.rolled_back': {
    version: 1,
    summary: 'The last switch of an experiment was undone.',
    payload: switched('experiment.rolled_back'),
  },
  'approval.requested': {
    version: 1,
    summary: 'Something waits for the approval of people.',
    payload: z.strictObject({
      ...requestFacts('approval.requested'),
      needed: z.int().describe('how many distinct people must say yes'),
      expiresAt: z.string().describe('ISO time in UTC until which it may be decided'),
    }),
  },
  'approval.decided': {
    version: 1,
    summary: 'A request to approve has ended, one way or the other.',
    payload: z.strictObject({
      ...requestFacts('approval.decided'),
      outcome: z
        .enum(['done', 'failed', 'rejected', 'expired', 'withdrawn', 'stale'])
        .describe('done: approved and carried out; stale: what it rested on is no longer so'),
      decidedBy: z.array(z.string()).describe('names of those who voted so; empty where nobody did'),
      selfApproved: z.boolean().describe('true where the only person who could approve had asked'),
      message: z.string().describe('the end in a sentence'),
    }),
  },
  'alert.raised': {
    version: 1,
    summary: 'Something is wrong, or more of it came; at most every five minutes for one group.',
    payload: alert,
  },
  'alert.resolved': { version: 1, summary: 'What an alert told of is over.', payload: alert },
  'endpoint.tested': {
    version: 1,
    summary: 'Somebody asked for a test: sent to that one endpoint, whatever it subscribes to.',
    payload: z.strictObject({
      endpoint: z.string().describe('id of the endpoint'),
      askedBy: z.string().describe('name of the person who asked'),
      message: z.string(),
    }),
  },
} as const satisfies Record<string, EventEntry>;

type Entries = typeof entries;
export type EventType = keyof Entries;
export type EventPayload<T extends EventType> = z.input<Entries[T]['payload']>;

export const eventCatalogue: Readonly<Record<EventType, EventEntry>> = entries;

/** The types an endpoint may subscribe to: a test goes to the endpoint it tests, and to no other. */
export const subscribableEvents = [
  'experiment.switched',
  'experiment.rolled_back',
  'approval.requested',
  'approval.decided',
  'alert.raised',
  'alert.resolved',
] as const satisfies readonly EventType[];

/**
 * An event as it is written with its fact.
 * @throws ZodError for a payload that is not what the catalogue promises: a fault of the writer.
 */
export function eventOf<T extends EventType>(type: T, payload: EventPayload<T>): OutgoingEvent {
  const { version, payload: schema } = eventCatalogue[type];
  return { type, version, payload: schema.parse(payload) };
}
