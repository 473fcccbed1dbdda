// Asks Telegram for updates, one process of all at a time; the offset moves only past what is stored.
import type { Clock } from '../../src/core/clock.ts';
import type { LeaseHandle } from '../lease.ts';
import type { TelegramApi } from './api.ts';
import { type Receiver, updatesIn } from './receive.ts';

/** How long Telegram keeps a question open while there is nothing new, in seconds. */
const WAIT_S = 25;
const RENEW_EVERY_MS = 5_000;
/** The kinds of updates that are read; all others stay with Telegram. */
export const ALLOWED_UPDATES = ['message', 'callback_query', 'my_chat_member'] as const;

/** How a turn of polling ended: `lost` when another process has the lease. */
export type Turn = 'stopped' | 'lost';

/**
 * Polls until `stop` aborts or the lease is lost. @param onUp called after each answer of Telegram.
 * @throws AppError when Telegram or the store fails: nothing is lost, since nothing that failed was confirmed.
 */
export async function pollWhileHeld(options: {
  readonly api: TelegramApi;
  readonly receiver: Receiver;
  readonly lease: LeaseHandle;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  readonly onUp: () => void;
}): Promise<Turn> {
  const { api, receiver, lease, clock, stop, onUp } = options;
  if (!(await lease.hold())) return 'lost';
  const ended = new AbortController();
  const until = AbortSignal.any([stop, ended.signal]);
  let lost = false;
  const renewing = (async () => {
    while (!until.aborted) {
      await clock.sleep(RENEW_EVERY_MS, until);
      if (until.aborted || (await lease.hold().catch(() => false))) continue;
      lost = true;
      ended.abort();
    }
  })();
  try {
    // Where a webhook is set, Telegram hands out nothing.
    await api.call('deleteWebhook', {}, { signal: until });
    let offset: number | undefined;
    // The first question waits for nothing: its answer says that the connection stands.
    let waitS = 0;
    while (!until.aborted) {
      const asked = { timeout: waitS, allowed_updates: ALLOWED_UPDATES, ...(offset ? { offset } : {}) };
      const timeoutMs = (WAIT_S + 10) * 1_000;
      const answer = await api.call('getUpdates', asked, { timeoutMs, signal: until });
      onUp();
      waitS = WAIT_S;
      for (const update of updatesIn(answer)) {
        await receiver.polled(update);
        offset = update.update_id + 1;
      }
    }
  } catch (thrown) {
    if (!until.aborted) throw thrown;
  } finally {
    ended.abort();
    await renewing;
    if (!lost) await lease.release();
  }
  return lost ? 'lost' : 'stopped';
}
