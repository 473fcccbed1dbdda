// The contract between the webhook door and who acts on what comes in: a source is data, declared in its feature.
import type { z } from 'zod';
import type { Ctx } from './context.ts';

/** How a sender proves itself; src/features/webhooks/schemes has one file for each. */
export const webhookSchemes = [
  'standard',
  'svix',
  'razorpay',
  'sentry',
  'github',
  'twilio',
  'stripe',
  'hmac-body',
  'bearer',
] as const;
export type WebhookScheme = (typeof webhookSchemes)[number];

/** What a handler is told beside the payload. The context's effect key is the id in the inbox. */
export interface ReceivedEvent {
  readonly id: string;
  readonly source: string;
  /** When it was stored here: the same at every attempt and replay. */
  readonly receivedAt: Date;
}

interface Plain {
  /** What stands in `/webhooks/<name>`. */
  readonly name: string;
  readonly summary: string;
  readonly scheme: WebhookScheme;
  /** The variable that holds one or two secrets. */
  readonly secretVariable: string;
  /**
   * `door`: our own clients, who are told at once which field is wrong. `worker`: a third party is never answered
   * with an error; what does not fit becomes a dead letter.
   */
  readonly checkedAt: 'door' | 'worker';
  /** A body of this source, for test events and examples. */
  sample(id: string, at: Date): Readonly<Record<string, unknown>>;
}

/** What a feature writes. `handle` is run at least once for each event and answers what it did. */
export interface DeclaredSource<P extends z.ZodType, S> extends Plain {
  readonly payload: P;
  readonly handle: (
    ctx: Ctx & { readonly services: S },
    payload: z.output<P>,
    event: ReceivedEvent,
  ) => Promise<string>;
}

/** What the door and its worker see. */
export interface WebhookSource<in S> extends Plain {
  readonly payload: z.ZodType;
  /** @throws ZodError for a payload that was not judged before, and whatever the feature throws. */
  readonly execute: (
    ctx: Ctx & { readonly services: S },
    payload: unknown,
    event: ReceivedEvent,
  ) => Promise<string>;
}

/** `sourcesOf<Needs>()({…})` declares one source over the services it needs; see operationsOf for why it is curried. */
export const sourcesOf =
  <S>() =>
  <P extends z.ZodType>(declared: DeclaredSource<P, S>): WebhookSource<S> => {
    const { handle, ...plain } = declared;
    return {
      ...plain,
      execute: (ctx, payload, event) => handle(ctx, declared.payload.parse(payload), event),
    };
  };

/** What bodies of a foreign shape may be mapped to: rows of plain fields, and who takes them. */
export interface MappingTarget<in S> {
  /** `events`, or the name of a stream. */
  readonly name: string;
  /** A strict object of plain fields. */
  readonly fields: z.ZodObject;
  /** A row that is taken, for test events and examples. */
  sample(id: string, at: Date): Readonly<Record<string, unknown>>;
  /** Run at least once for each event; answers what it did. @throws AppError for rows that cannot be taken. */
  take(
    ctx: Ctx & { readonly services: S },
    rows: readonly Readonly<Record<string, unknown>>[],
    event: ReceivedEvent,
  ): Promise<string>;
}
