// How well the connection to Slack is: asked of Slack now and then, and learned from every call in between.
import type { Clock } from '../../src/core/clock.ts';
import { toAppError } from '../../src/core/errors.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { SlackApi } from './api.ts';
import { isLockedOut } from './errors.ts';
import type { Directory } from './people.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const ASK_EVERY_MS = 5 * 60_000;

export type State =
  | { readonly kind: 'up'; readonly since: Date }
  | { readonly kind: 'starting' }
  /** `locked_out`: nothing goes out until somebody mends the token. */
  | { readonly kind: 'down' | 'locked_out'; readonly since: Date; readonly problem: string };

export interface Watch {
  /** The same API; what its calls meet changes the state. */
  readonly api: SlackApi;
  state(): State;
  /** Asks who the app is until Slack says so, and again every five minutes. @returns when `stop` aborts. */
  run(directory: Pick<Directory, 'me'>, stop: AbortSignal): Promise<void>;
}

export function createWatch(options: {
  readonly api: SlackApi;
  readonly clock: Clock;
  readonly logger: Logger;
}): Watch {
  const { clock, logger } = options;
  let state: State = { kind: 'starting' };

  function succeeded(): void {
    if (state.kind === 'up') return;
    state = { kind: 'up', since: clock.now() };
    logger.info('Slack is connected');
  }

  /** A refusal of one message says nothing of the connection. */
  function failed(thrown: unknown): void {
    const error = toAppError(thrown);
    const isShut = isLockedOut(error);
    if (!isShut && error.kind !== 'unavailable') return;
    const kind = isShut ? 'locked_out' : 'down';
    if (state.kind === kind) return;
    state = { kind, since: clock.now(), problem: error.publicMessage };
    logger[isShut ? 'error' : 'warn']({ err: error }, error.publicMessage);
  }

  const watched =
    <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      try {
        const result = await call(...args);
        succeeded();
        return result;
      } catch (thrown) {
        failed(thrown);
        throw thrown;
      }
    };

  const api: SlackApi = { call: watched(options.api.call), upload: watched(options.api.upload) };

  return {
    api,
    state: () => state,
    async run(directory, stop) {
      let waitMs = FIRST_WAIT_MS;
      while (!stop.aborted) {
        try {
          await directory.me();
          await api.call('auth.test');
          waitMs = ASK_EVERY_MS;
        } catch {
          waitMs = Math.min(Math.max(waitMs, FIRST_WAIT_MS) * 2, LONGEST_WAIT_MS);
        }
        await clock.sleep(waitMs, stop);
      }
    },
  };
}
