// The webhook source of Twilio: what became of messages, and who wrote or called, as facts of the operations.
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import type { FactDoor } from '../../core/ingestion.ts';
import { type ReceivedEvent, sourcesOf } from '../../core/webhook-source.ts';
import { type TwilioCall, type TwilioMessage, twilioPayload } from './twilio-payload.ts';

interface Needs {
  readonly ingestion: FactDoor;
}

type Call = Ctx & { readonly services: Needs };

/** One state of a message or call as a row of `operations`: whoever wrote it and what they wrote is left out. */
interface State {
  readonly id: string;
  readonly kind: 'message' | 'support';
  readonly status: string;
  readonly level: 'info' | 'warning' | 'error';
  /** The error's number, or the way by which a customer came. */
  readonly category?: string;
  readonly durationMs?: number;
  /** The place among the states of this message or call: a later one never goes back to a lesser one. */
  readonly revision: number;
}

export const twilioSource = sourcesOf<Needs>()({
  name: 'twilio',
  summary: 'Messages and calls of Twilio: what became of them, and who came in',
  scheme: 'twilio',
  secretVariable: 'TWILIO_AUTH_TOKEN',
  checkedAt: 'worker',
  payload: twilioPayload,
  sample: (id) => ({
    MessageSid: id,
    MessageStatus: 'undelivered',
    ErrorCode: '30003',
    From: '+15005550006',
    To: '+910000000000',
    ApiVersion: '2010-04-01',
  }),
  handle: async (ctx, told, event) =>
    'MessageSid' in told ? await takeMessage(ctx, told, event) : await takeCall(ctx, told, event),
});

/** How a message can end. A receipt from the phone outweighs a carrier's guess, in whatever order they come. */
const messageEnds: Readonly<Record<string, number>> = {
  canceled: 1,
  failed: 2,
  undelivered: 3,
  delivered: 4,
  read: 5,
};

const onTheWay = ['accepted', 'scheduled', 'queued', 'sending', 'sent', 'receiving', 'partially_delivered'];

async function takeMessage(ctx: Call, told: TwilioMessage, event: ReceivedEvent): Promise<string> {
  const { MessageSid: sid, ErrorCode: error, OptOutType: optOut } = told;
  const status = told.MessageStatus ?? told.SmsStatus ?? '';
  const id = `message:${sid}`;
  if (status === 'received') {
    if (optOut !== undefined) return `${id} received: ${optOut}, nothing to keep`;
    const category = channelOf(told.From);
    return await take(ctx, event, { id, kind: 'support', status, level: 'info', category, revision: 0 });
  }
  const revision = messageEnds[status];
  const why = error ? ` (error ${error})` : '';
  if (revision === undefined)
    return `${id} ${status}${why}: ${onTheWay.includes(status) ? 'on its way' : 'a state that is not known'}, nothing to keep`;
  const level = status === 'failed' || status === 'undelivered' ? 'error' : 'info';
  const category = error ? { category: error } : {};
  return await take(ctx, event, { id, kind: 'message', status, level, revision, ...category });
}

/** States of a call in the order in which they may follow; those that end it are above all others. */
const callStates: Readonly<Record<string, number>> = {
  queued: 0,
  initiated: 1,
  ringing: 2,
  'in-progress': 3,
  canceled: 4,
  failed: 5,
  busy: 6,
  'no-answer': 7,
  completed: 8,
};

const missed = ['canceled', 'failed', 'busy', 'no-answer'];

async function takeCall(ctx: Call, told: TwilioCall, event: ReceivedEvent): Promise<string> {
  const { CallSid: sid, CallStatus: status, Direction: direction, CallDuration: seconds } = told;
  const id = `call:${sid}`;
  if (direction !== 'inbound') return `${id} ${status}: a call of ours, nothing to keep`;
  const revision = callStates[status];
  if (revision === undefined) return `${id} ${status}: a state that is not known, nothing to keep`;
  const level = missed.includes(status) ? 'warning' : 'info';
  const lasted = seconds === undefined ? {} : { durationMs: Number(seconds) * 1_000 };
  return await take(ctx, event, {
    ...{ id, kind: 'support', status, level, category: 'call', revision },
    ...lasted,
  });
}

/**
 * Twilio signs no id of an event: what is signed and stays the same are the sid and the state. A callback that differs
 * in anything else is the same effect.
 */
async function take(
  { services, ...ctx }: Call,
  { source, receivedAt }: ReceivedEvent,
  state: State,
): Promise<string> {
  const { id, status, category } = state;
  const effectKey = `${source}:${id}:${status}`;
  const row = { ...state, at: receivedAt.toISOString() };
  const origin = { source, receivedAt };
  const { rows } = await services.ingestion.ingest({ ...ctx, effectKey }, 'operations', [row], origin);
  const [judged] = rows;
  if (!judged || judged.result === 'rejected')
    throw new AppError('webhook.shape', `${judged?.field ?? 'row'}: ${judged?.reason ?? 'was not taken'}`);
  const why = state.level === 'error' && category !== undefined ? ` (error ${category})` : '';
  return `${id} ${status}${why}: ${judged.result}`;
}

/** `whatsapp:+91…` came by WhatsApp; a bare number sent an SMS. */
const channelOf = (from: string): string => /^([a-z]{1,20}):/.exec(from)?.[1] ?? 'sms';
