// The connection to Telegram: polling under a lease or a webhook, kept up over failures, with its state for /health.
import type { Clock } from '../../src/core/clock.ts';
import { type AppError, toAppError } from '../../src/core/errors.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { LeaseHandle } from '../lease.ts';
import type { TelegramApi } from './api.ts';
import type { Menus } from './menus.ts';
import { ALLOWED_UPDATES, pollWhileHeld } from './poll.ts';
import type { Receiver } from './receive.ts';

/** `standby`: another process polls. `down`: the last attempt failed, the next one comes by itself. */
export interface DoorState {
  readonly mode: 'polling' | 'webhook';
  readonly status: 'starting' | 'up' | 'standby' | 'down';
  /** Why it is down, for people. */
  readonly problem: string | null;
  readonly since: Date;
}

export interface TelegramDoor extends Pick<Receiver, 'webhook'> {
  start(): void;
  stop(): Promise<void>;
  state(): DoorState;
}

const BACKOFF_MS = [1_000, 2_000, 5_000, 10_000, 30_000];
const STANDBY_MS = 5_000;
const LOOK_AT_WEBHOOK_EVERY_MS = 60_000;
const MENUS_EVERY_MS = 60_000;

export function createTelegramDoor(options: {
  readonly api: TelegramApi;
  readonly receiver: Receiver;
  readonly lease: LeaseHandle;
  readonly menus: Menus;
  readonly mode: 'polling' | 'webhook';
  /** Where Telegram is to call, and with which secret. */
  readonly webhook: { readonly url: () => string; readonly secret: string };
  readonly clock: Clock;
  readonly logger: Logger;
}): TelegramDoor {
  const { api, receiver, lease, menus, mode, webhook, clock, logger } = options;
  let state: DoorState = { mode, status: 'starting', problem: null, since: clock.now() };
  let stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  let failures = 0;

  function become(status: DoorState['status'], problem: string | null = null): void {
    if (state.status === status && state.problem === problem) return;
    state = { mode, status, problem, since: clock.now() };
    if (status === 'down') logger.warn({ mode, problem }, 'Telegram cannot be used; it is tried again');
    else logger.info({ mode, status }, 'Telegram');
  }

  async function keepUp(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const waitMs = await turn(stop).catch((thrown: unknown) => failed(toAppError(thrown)));
      await clock.sleep(waitMs, stop);
    }
  }

  /** One turn of work; returns how long to wait before the next, in milliseconds. */
  async function turn(stop: AbortSignal): Promise<number> {
    if (mode === 'webhook') {
      await ensureWebhook();
      up();
      return LOOK_AT_WEBHOOK_EVERY_MS;
    }
    const ended = await pollWhileHeld({ api, receiver, lease, clock, stop, onUp: up });
    if (ended === 'lost') become('standby');
    return ended === 'lost' ? STANDBY_MS : 0;
  }

  function up(): void {
    failures = 0;
    become('up');
  }

  function failed(error: AppError): number {
    become('down', error.publicMessage);
    logger.debug({ err: error }, 'a turn with Telegram failed');
    const ownMs = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)] ?? 0;
    failures += 1;
    return Math.max(ownMs, error.retryAfterMs ?? 0);
  }

  async function ensureWebhook(): Promise<void> {
    const { secret } = webhook;
    const url = webhook.url();
    const info = await api.call('getWebhookInfo');
    const known: unknown = typeof info === 'object' && info !== null ? Reflect.get(info, 'url') : undefined;
    // The secret is not told back: a process that has not set it itself cannot know which one stands there.
    if (known === url && isSet) return;
    await api.call('setWebhook', { url, secret_token: secret, allowed_updates: ALLOWED_UPDATES });
    isSet = true;
  }
  let isSet = false;

  async function keepMenus(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      if (state.status === 'up')
        await menus.refresh().catch((thrown: unknown) => {
          logger.warn({ err: toAppError(thrown) }, 'the menus of Telegram could not be set');
        });
      await clock.sleep(state.status === 'up' ? MENUS_EVERY_MS : STANDBY_MS, stop);
    }
  }

  return {
    webhook: receiver.webhook,
    state: () => state,
    start() {
      stopping = new AbortController();
      running = Promise.all([keepUp(stopping.signal), keepMenus(stopping.signal)]);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
