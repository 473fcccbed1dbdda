// Socket Mode: the same updates over a connection of our own making, one process of all at a time.
import { SocketModeClient } from '@slack/socket-mode';
import { z } from 'zod';
import type { Clock } from '../../src/core/clock.ts';
import { AppError, toAppError } from '../../src/core/errors.ts';
import type { Logger } from '../../src/core/logger.ts';
import { LEASE_MS, type LeaseHandle } from '../lease.ts';
import { clientOptions, slackLogger } from './api.ts';
import type { Intake } from './intake.ts';

const RENEW_EVERY_MS = LEASE_MS / 3;
const OPENS_WITHIN_MS = 20_000;
const CLOSES_WITHIN_MS = 2_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

/** What the client hands on for every envelope. */
const envelope = z.looseObject({
  ack: z.custom<(response?: unknown) => Promise<void>>((value) => typeof value === 'function'),
  body: z.unknown(),
});

/** `standby`: another process listens. */
export type SocketState = 'connected' | 'standby' | 'connecting';

export interface SocketDoor {
  /** Listens while the lease is held, and connects again whenever the connection ends. @returns when `stop` aborts. */
  run(stop: AbortSignal): Promise<void>;
  state(): SocketState;
}

export function createSocketDoor(options: {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly intake: Intake;
  readonly lease: LeaseHandle;
  readonly clock: Clock;
  readonly logger: Logger;
}): SocketDoor {
  const { intake, lease, clock, logger } = options;
  let state: SocketState = 'connecting';

  async function run(stop: AbortSignal): Promise<void> {
    let waitMs = FIRST_WAIT_MS;
    while (!stop.aborted) {
      try {
        const isMine = await lease.hold();
        state = isMine ? 'connecting' : 'standby';
        if (isMine) await listen(stop);
        waitMs = isMine ? FIRST_WAIT_MS : RENEW_EVERY_MS;
      } catch (thrown) {
        logger.warn({ err: toAppError(thrown) }, 'Socket Mode is not connected; trying again');
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      }
      await clock.sleep(waitMs, stop);
    }
    await lease.release().catch(() => undefined);
  }

  /** The life of one connection. @throws when it cannot be opened. */
  async function listen(stop: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const over = AbortSignal.any([stop, ended.signal]);
    const client = createClient(options);
    const working = new Set<Promise<void>>();
    client.on('slack_event', (given: unknown) => {
      const taken = take(given).finally(() => working.delete(taken));
      working.add(taken);
    });
    client.on('disconnected', () => ended.abort());
    try {
      await opened(client);
      state = 'connected';
      while (!over.aborted) {
        await clock.sleep(RENEW_EVERY_MS, over);
        if (!over.aborted && !(await lease.hold())) break;
      }
    } finally {
      state = 'connecting';
      await Promise.allSettled([...working]);
      await Promise.race([client.disconnect().catch(() => undefined), clock.sleep(CLOSES_WITHIN_MS)]);
    }
  }

  async function opened(client: SocketModeClient): Promise<void> {
    const waiting = new AbortController();
    const late = clock.sleep(OPENS_WITHIN_MS, waiting.signal).then(() => {
      throw new AppError('remote.unavailable', 'Slack opened no connection in time.');
    });
    late.catch(() => undefined);
    const start = client.start().then(
      () => undefined,
      (cause: unknown) => {
        throw new AppError('remote.unavailable', 'Slack refused the connection.', { cause });
      },
    );
    try {
      await Promise.race([start, late]);
    } finally {
      waiting.abort();
    }
  }

  /** What could not be stored is not acknowledged: Slack sends it again. */
  async function take(given: unknown): Promise<void> {
    try {
      const { ack, body } = envelope.parse(given);
      const answer = await intake.take(body);
      await (answer === undefined ? ack() : ack(answer));
    } catch (thrown) {
      logger.warn({ err: toAppError(thrown) }, 'an update by Socket Mode was not taken');
    }
  }

  return { run, state: () => state };
}

/** Its own way of connecting again gives up at the first failure of the network: ours does not. */
function createClient(options: {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly logger: Logger;
}): SocketModeClient {
  const { appToken, apiUrl, logger } = options;
  const client = new SocketModeClient({
    appToken,
    autoReconnectEnabled: false,
    logger: slackLogger(logger),
    clientOptions: clientOptions({ url: apiUrl, logger }),
  });
  // An error without a listener would end the process.
  client.on('error', (err: unknown) => logger.debug({ err }, 'Socket Mode met an error'));
  return client;
}
