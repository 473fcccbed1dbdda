// The Bot API as a port: one call at a time, within a time limit, and refusals as errors the outbox understands.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Telegram, TelegramError } from 'telegraf';
import { AppError } from '../../src/core/errors.ts';

/** Shorter than the outbox waits for one send, so that no call outlives the lease under which it was made. */
const CALL_TIMEOUT_MS = 15_000;

export type Fields = Readonly<Record<string, unknown>>;

export interface TelegramApi {
  /** The number in front of the token. */
  readonly botId: string;
  /**
   * @throws AppError `rate.limited` with the wait that was asked for, `remote.refused` for what will never be taken,
   * `remote.unavailable` otherwise; its cause is what telegraf threw.
   */
  call(method: string, fields?: Fields, options?: CallOptions): Promise<unknown>;
}

export interface CallOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** @param apiRoot where the Bot API is, such as `https://api.telegram.org`. */
export function createTelegramApi(options: {
  readonly token: string;
  readonly apiRoot: string;
}): TelegramApi {
  const { token, apiRoot } = options;
  const agentOptions = { keepAlive: true, keepAliveMsecs: 10_000 };
  const agent = apiRoot.startsWith('https:') ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const telegram = new Telegram(token, { apiRoot, webhookReply: false, agent });

  return {
    botId: token.split(':', 1)[0] ?? '',
    async call(method, fields = {}, { timeoutMs = CALL_TIMEOUT_MS, signal } = {}) {
      const limit = AbortSignal.timeout(timeoutMs);
      const until = signal ? AbortSignal.any([signal, limit]) : limit;
      try {
        // Methods newer than telegraf's types are called by their names.
        return await telegram.callApi(method as never, fields as never, { signal: until as never });
      } catch (thrown) {
        throw telegramError(thrown);
      }
    },
  };
}

/** What Telegram said when it refused; empty when it said nothing. */
export function descriptionOf(error: unknown): string {
  const cause = error instanceof AppError ? error.cause : error;
  return cause instanceof TelegramError ? cause.description : '';
}

/** The new number of a group that was upgraded, when that is why a call was refused. */
export function migratedTo(error: unknown): string | null {
  const cause = error instanceof AppError ? error.cause : error;
  const to = cause instanceof TelegramError ? cause.parameters?.migrate_to_chat_id : undefined;
  return to === undefined ? null : String(to);
}

const NEVER_CONNECTED = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/;

function telegramError(cause: unknown): AppError {
  if (!(cause instanceof TelegramError)) {
    const internal = cause instanceof Error ? cause.message : String(cause);
    return new AppError('remote.unavailable', 'Telegram did not answer.', {
      cause,
      internal,
      neverArrived: NEVER_CONNECTED.test(internal),
    });
  }
  const { code, description, parameters } = cause;
  if (code === 429) {
    const seconds = parameters?.retry_after ?? 1;
    return new AppError('rate.limited', `Telegram asks to wait ${seconds} s.`, {
      cause,
      retryable: true,
      retryAfterMs: seconds * 1_000,
    });
  }
  if (code >= 500) return new AppError('remote.unavailable', `Telegram failed (${code}).`, { cause });
  if (code === 401 || code === 404)
    return new AppError('remote.unavailable', 'Telegram does not know this bot: check TELEGRAM_BOT_TOKEN.', {
      cause,
      neverArrived: true,
    });
  return new AppError('remote.refused', `Telegram refused this: ${description}.`, {
    cause,
    retryable: code === 409,
  });
}
