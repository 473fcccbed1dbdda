// Telegram as a server of one's own: the Bot API over HTTP with its limits and words, and people who type and press.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from './body.ts';
import { type BotCommand, CommandLists } from './commands.ts';
import { errorOf, type FaultRule, Faults, sameMethod } from './faults.ts';
import { chatField } from './fields.ts';
import { methods, type OpenCallback } from './methods.ts';
import { People, type Said, type SayOptions } from './people.ts';
import { SendCounter, type SendLimits, telegramLimits } from './rate-limits.ts';
import type { Files } from './sending.ts';
import {
  BotApiError,
  type Params,
  type TelegramChat,
  type TelegramMessage,
  type TelegramUpdate,
  type TelegramUser,
} from './types.ts';
import { UpdateQueue } from './updates.ts';
import { type GroupOptions, TelegramWorld, type UserOptions } from './world.ts';

export interface TelegramFakeOptions {
  /** A free one unless told. */
  readonly port?: number;
  readonly token?: string;
  readonly botName?: string;
  readonly limits?: SendLimits;
  /** The time that limits and expiries go by; the machine's unless told. */
  readonly nowMs?: () => number;
  readonly callbackLivesMs?: number;
  /** False makes the fake as strict as Telegram's own server: webhooks on https alone. */
  readonly plainHttpWebhooks?: boolean;
}

/** One call of the bot, and what became of it. */
export interface ApiCall {
  readonly method: string;
  readonly params: Params;
  readonly chat: number | string | undefined;
  /** 200, the status it was refused with, or 0 where the connection was cut or left hanging. */
  status: number;
  description: string;
}

export class TelegramFake {
  readonly token: string;
  readonly world: TelegramWorld;
  readonly queue = new UpdateQueue();
  readonly calls: ApiCall[] = [];
  readonly callbacks = new Map<string, OpenCallback>();
  private readonly commands = new CommandLists();
  private readonly counter: SendCounter;
  private readonly faults = new Faults();
  private readonly people: People;
  private readonly server: Server;
  private readonly options: TelegramFakeOptions;
  private readonly nowMs: () => number;

  private constructor(options: TelegramFakeOptions) {
    const { token = '7000000001:FAKE-token-of-a-bot-that-is-not', botName = 'wardroom_bot' } = options;
    this.options = options;
    this.token = token;
    this.nowMs = options.nowMs ?? Date.now;
    const id = Number(token.split(':', 1)[0]);
    this.world = new TelegramWorld({ id, is_bot: true, first_name: 'Wardroom', username: botName });
    this.counter = new SendCounter(options.limits ?? telegramLimits);
    const { world, queue, callbacks, nowMs } = this;
    this.people = new People({ world, queue, callbacks, nowMs });
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  static async start(options: TelegramFakeOptions = {}): Promise<TelegramFake> {
    const fake = new TelegramFake(options);
    await new Promise<void>((resolve, reject) => {
      fake.server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return fake;
  }

  /** What `TELEGRAM_API_ROOT` is set to. */
  get apiRoot(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get bot(): TelegramUser {
    return this.world.bot;
  }

  async stop(): Promise<void> {
    this.queue.stop();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  user(name: string, options?: UserOptions): TelegramUser {
    return this.world.user(name, options);
  }

  group(title: string, options?: GroupOptions): TelegramChat {
    return this.world.group(title, options);
  }

  says(user: TelegramUser, text: string, options?: SayOptions): Said {
    return this.people.says(user, text, options);
  }

  edits(message: TelegramMessage, text: string): TelegramUpdate {
    return this.people.edits(message, text);
  }

  /** Presses a button of a message as it now stands in its chat. */
  presses(user: TelegramUser, message: TelegramMessage, label: string): TelegramUpdate {
    return this.people.press(user, message, label);
  }

  blocks(user: TelegramUser): void {
    this.people.blocks(user);
  }

  upgrades(chat: TelegramChat): TelegramChat {
    return this.people.upgrades(chat);
  }

  /** What stands in a chat now, oldest first. */
  messages(chat: number): readonly TelegramMessage[] {
    return this.world.rooms.get(chat)?.messages ?? [];
  }

  /** What the bot said in a chat, oldest first. */
  said(chat: number): readonly TelegramMessage[] {
    return this.messages(chat).filter((message) => message.from?.id === this.bot.id);
  }

  menu(user: TelegramUser, chat?: TelegramChat): readonly BotCommand[] {
    const room = chat ? this.world.room(chat.id) : this.world.privateRoom(user);
    return this.commands.seenBy(user.id, room, user.language_code ?? '');
  }

  callsOf(method: string): readonly ApiCall[] {
    return this.calls.filter((call) => sameMethod(call.method, method));
  }

  fail(rule: FaultRule): void {
    this.faults.add(rule);
  }

  /** Cuts every call, getUpdates too, until `mend`. */
  outage(): void {
    this.faults.add({ kind: 'reset' });
    this.faults.add({ kind: 'reset', method: 'getUpdates' });
  }

  mend(): void {
    this.faults.mend();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { status, body } = await this.answer(request);
      if (status === 0) {
        if (body === 'reset') request.socket.resetAndDestroy();
        return;
      }
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    } catch {
      request.socket.destroy();
    }
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const [, token = '', called = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(url.pathname) ?? [];
    const name = Object.keys(methods).find((method) => sameMethod(method, called));
    try {
      const { params, files } = await readBody(request, url.searchParams);
      if (token !== this.token) throw new BotApiError(401, 'Unauthorized');
      if (!name) throw new BotApiError(404, 'Not Found');
      return await this.call(name, params, files);
    } catch (thrown) {
      if (!(thrown instanceof BotApiError)) throw thrown;
      return refused(thrown);
    }
  }

  private async call(name: string, params: Params, files: Files): Promise<{ status: number; body: string }> {
    const chat = chatField(params);
    const call: ApiCall = { method: name, params, chat, status: 0, description: '' };
    this.calls.push(call);
    const fault = this.faults.meet(name, typeof chat === 'number' ? chat : undefined);
    if (fault?.kind === 'reset' || fault?.kind === 'hang') return { status: 0, body: fault.kind };
    try {
      if (fault?.kind === 'status' || fault?.kind === 'rate') throw errorOf(fault);
      const result = await methods[name]?.(this.parts(), params, files);
      if (fault) return { status: 0, body: fault.kind === 'accept-then-reset' ? 'reset' : 'hang' };
      call.status = 200;
      return { status: 200, body: JSON.stringify({ ok: true, result }, withoutBytes) };
    } catch (thrown) {
      if (!(thrown instanceof BotApiError)) throw thrown;
      call.status = thrown.code;
      call.description = thrown.message;
      return refused(thrown);
    }
  }

  private parts() {
    const { world, queue, commands, counter, callbacks, nowMs, options } = this;
    const { plainHttpWebhooks = true, callbackLivesMs = 15_000 } = options;
    return { world, queue, commands, counter, callbacks, nowMs, plainHttpWebhooks, callbackLivesMs };
  }
}

function refused({ code, message, parameters }: BotApiError): { status: number; body: string } {
  const body = { ok: false, error_code: code, description: message, ...(parameters ? { parameters } : {}) };
  return { status: code, body: JSON.stringify(body) };
}

/** A photo is an array of sizes on the wire, and no file carries its bytes. */
function withoutBytes(key: string, value: unknown): unknown {
  if (key === 'bytes') return undefined;
  if (key === 'photo' && value && typeof value === 'object') return [value];
  return value;
}
