// One attempt through a channel: it ends in a message id or a failure, and always within the time limit.
import type { Channel, Sent } from '../core/channel.ts';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import { addressOf } from './destination-state.ts';
import { type Failure, failureOf } from './failure.ts';
import type { Entry } from './order.ts';

/** The most an attempt may take: together with marking its outcome it must fit into a lease. */
export const SEND_TIMEOUT_MS = 20_000;

export type Attempted =
  | { readonly ok: true; readonly messageId: string; readonly restMs: number }
  | { readonly ok: false; readonly failure: Failure; readonly internal: string };

/**
 * Sends the row, or shows the card, once. Never throws.
 * @param under the platform's message of the card that the row stands under.
 */
export async function attempt(
  channel: Channel,
  entry: Entry,
  clock: Clock,
  under: string | undefined,
): Promise<Attempted> {
  const answered = new AbortController();
  try {
    const sent = callChannel(channel, entry, under);
    const { messageId, restMs = 0 } = await Promise.race([sent, timeLimit(clock, answered.signal)]);
    return { ok: true, messageId, restMs };
  } catch (thrown) {
    const { error, ...failure } = failureOf(thrown);
    return { ok: false, failure, internal: error.message };
  } finally {
    answered.abort();
  }
}

async function callChannel(
  channel: Channel,
  { kind, record }: Entry,
  under: string | undefined,
): Promise<Sent> {
  const { tenant } = record;
  const address = addressOf(record.destination);
  if (kind === 'row') {
    const message = { id: record._id, tenant, address, body: record.body };
    return await channel.send(under === undefined ? message : { ...message, under });
  }
  const { key, revision, reply, messageId } = record;
  if (!channel.showCard)
    throw new AppError('remote.refused', `“${channel.scheme}” shows no cards; “${key}” cannot go there.`);
  return await channel.showCard({ tenant, address, key, revision }, reply, messageId);
}

async function timeLimit(clock: Clock, answered: AbortSignal): Promise<never> {
  await clock.sleep(SEND_TIMEOUT_MS, answered);
  throw new AppError('remote.unavailable', `No answer within ${SEND_TIMEOUT_MS / 1_000} seconds.`);
}
