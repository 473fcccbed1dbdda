// The webhook of Telegram: proved by its secret, stored, and only then acknowledged; a press is answered at once.
import { z } from 'zod';
import type { RawUpdate } from '../adapter.ts';
import type { Inbox } from '../inbox.ts';
import type { TelegramApi } from './api.ts';
import { TELEGRAM } from './chats.ts';
import { isFromTelegram, SECRET_HEADER } from './verify.ts';

const update = z.looseObject({ update_id: z.int() });
const inChat = z.looseObject({ chat: z.looseObject({ id: z.number() }) });
const said = z.looseObject({ message: inChat });
const pressed = z.looseObject({ callback_query: z.looseObject({ id: z.string() }) });
const pressedIn = z.looseObject({ callback_query: z.looseObject({ message: inChat }) });

export type TelegramUpdate = z.output<typeof update>;

/** What Telegram is answered. */
interface Answered {
  readonly status: number;
  readonly body?: unknown;
}

export interface Receiver {
  /** @throws AppError when the update could not be stored: Telegram then sends it again. */
  webhook(request: {
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: Buffer;
  }): Promise<Answered>;
  /** Stores an update that Telegram itself handed over. @throws AppError when it could not be stored. */
  polled(update: TelegramUpdate): Promise<void>;
}

export function createReceiver(options: {
  readonly api: TelegramApi;
  readonly inbox: Pick<Inbox, 'receive'>;
  readonly secret: string | undefined;
  readonly tenant: string;
  /** Told of what may well fail: the answer to a press that came too late. */
  readonly onFailure: (failure: unknown) => void;
}): Receiver {
  const { api, inbox, secret, tenant, onFailure } = options;

  async function polled(given: TelegramUpdate): Promise<void> {
    const { repeated } = await inbox.receive(rawOf(given));
    if (repeated) return;
    // The button stops turning now; what it did is said in a message.
    const press = pressed.safeParse(given);
    if (press.success) {
      const answer = { callback_query_id: press.data.callback_query.id };
      void api.call('answerCallbackQuery', answer).catch(onFailure);
    }
  }

  function rawOf(given: TelegramUpdate): RawUpdate {
    return {
      platform: TELEGRAM,
      tenant,
      key: `${api.botId}:${given.update_id}`,
      lane: `${TELEGRAM}:${api.botId}/${chatIn(given)}`,
      body: given,
    };
  }

  return {
    polled,
    async webhook({ headers, body }) {
      if (!isFromTelegram(secret, headers[SECRET_HEADER])) return { status: 401, body: { ok: false } };
      const read = update.safeParse(jsonIn(body));
      if (!read.success) return { status: 400, body: { ok: false } };
      await polled(read.data);
      return { status: 200, body: { ok: true } };
    },
  };
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

function chatIn(given: TelegramUpdate): number | string {
  const message =
    said.safeParse(given).data?.message ?? pressedIn.safeParse(given).data?.callback_query.message;
  return message?.chat.id ?? 'none';
}

/** The updates in an answer of getUpdates; what is none is left out. */
export function updatesIn(answer: unknown): readonly TelegramUpdate[] {
  return Array.isArray(answer)
    ? answer.flatMap((one) => {
        const read = update.safeParse(one);
        return read.success ? [read.data] : [];
      })
    : [];
}
