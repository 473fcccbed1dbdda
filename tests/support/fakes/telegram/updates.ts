// Hands updates to the bot: by getUpdates, whose offset confirms, or by webhook, which is called until it answers 2xx.
import { BotApiError, badRequest, type TelegramUpdate } from './types.ts';

const MOST_AT_ONCE = 100;
const LONGEST_WAIT_S = 50;
const RETRY_FIRST_MS = 100;
const RETRY_MOST_MS = 2_000;
const UNASKED = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);

export interface WebhookOptions {
  readonly url: string;
  readonly secret: string | undefined;
  readonly maxConnections: number;
}

interface Pending {
  readonly update: TelegramUpdate;
  failures: number;
  inFlight: boolean;
  notBeforeMs: number;
}

interface Poll {
  readonly finish: (result: TelegramUpdate[] | BotApiError) => void;
}

export class UpdateQueue {
  private nextId = 100_001;
  private pending: Pending[] = [];
  private hook: WebhookOptions | null = null;
  private allowed: readonly string[] | null = null;
  private poll: Poll | null = null;
  private lastError: { readonly at: number; readonly text: string } | null = null;
  private stopped = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  /** Statuses that the webhook answered, newest last. */
  readonly answers: number[] = [];

  get webhook(): WebhookOptions | null {
    return this.hook;
  }

  waiting(): number {
    return this.pending.length;
  }

  allow(kinds: readonly string[] | undefined): void {
    if (kinds) this.allowed = kinds.length > 0 ? kinds : null;
  }

  /** Queues an update, unless the bot did not ask for that kind. Returns it; the same again may be sent by `repeat`. */
  push(kind: string, payload: unknown): TelegramUpdate {
    const update: TelegramUpdate = { update_id: this.nextId, [kind]: payload };
    this.nextId += 1;
    const wanted = this.allowed ? this.allowed.includes(kind) : !UNASKED.has(kind);
    if (wanted) this.repeat(update);
    return update;
  }

  /** The platform delivers an update once more, as it does when it did not hear the answer. */
  repeat(update: TelegramUpdate): void {
    this.pending.push({ update, failures: 0, inFlight: false, notBeforeMs: 0 });
    this.wake();
  }

  async getUpdates(offset: number, limit: number, timeoutS: number): Promise<TelegramUpdate[]> {
    if (this.hook)
      throw new BotApiError(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    if (offset < 0) this.pending = this.pending.slice(offset);
    else if (offset > 0) this.pending = this.pending.filter(({ update }) => update.update_id >= offset);
    this.poll?.finish(
      new BotApiError(
        409,
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      ),
    );
    const most = Math.min(Math.max(limit, 1), MOST_AT_ONCE);
    if (this.pending.length > 0) return this.pending.slice(0, most).map(({ update }) => update);
    const waitMs = Math.min(Math.max(timeoutS, 0), LONGEST_WAIT_S) * 1_000;
    const result = await new Promise<TelegramUpdate[] | BotApiError>((resolve) => {
      const timer = setTimeout(() => poll.finish([]), waitMs);
      const poll: Poll = {
        finish: (given) => {
          clearTimeout(timer);
          if (this.poll === poll) this.poll = null;
          resolve(given);
        },
      };
      this.poll = poll;
    });
    if (result instanceof BotApiError) throw result;
    return result.length > 0 ? result : this.pending.slice(0, most).map(({ update }) => update);
  }

  setWebhook(options: WebhookOptions | null, dropPending: boolean): void {
    if (options && options.secret !== undefined && !/^[\w-]{1,256}$/.test(options.secret))
      throw badRequest('secret token contains unallowed characters');
    if (dropPending) this.pending = [];
    this.hook = options;
    this.lastError = null;
    for (const one of this.pending) one.notBeforeMs = 0;
    this.wake();
  }

  info() {
    return {
      url: this.hook?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: this.pending.length,
      ...(this.hook ? { max_connections: this.hook.maxConnections } : {}),
      ...(this.lastError
        ? { last_error_date: this.lastError.at, last_error_message: this.lastError.text }
        : {}),
      ...(this.allowed ? { allowed_updates: this.allowed } : {}),
    };
  }

  /** Ends a waiting poll and every delivery. */
  stop(): void {
    this.stopped.abort();
    clearTimeout(this.timer);
    this.poll?.finish([]);
    this.hook = null;
  }

  private wake(): void {
    if (this.hook) this.deliver(this.hook);
    else if (this.poll && this.pending.length > 0)
      this.poll.finish(this.pending.slice(0, MOST_AT_ONCE).map(({ update }) => update));
  }

  private deliver(hook: WebhookOptions): void {
    clearTimeout(this.timer);
    const nowMs = performance.now();
    for (const one of this.pending) {
      const inFlight = this.pending.filter((other) => other.inFlight).length;
      if (inFlight >= hook.maxConnections) return;
      if (!one.inFlight && one.notBeforeMs <= nowMs) void this.post(hook, one);
    }
    const idle = this.pending.filter((one) => !one.inFlight);
    if (idle.length === 0 || this.stopped.signal.aborted) return;
    const nextMs = Math.min(...idle.map((one) => one.notBeforeMs)) - nowMs;
    this.timer = setTimeout(() => this.wake(), Math.max(nextMs, 1));
  }

  private async post({ url, secret }: WebhookOptions, one: Pending): Promise<void> {
    one.inFlight = true;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret }),
        },
        body: JSON.stringify(one.update),
        redirect: 'manual',
        signal: AbortSignal.any([this.stopped.signal, AbortSignal.timeout(30_000)]),
      });
      await response.arrayBuffer();
      this.answers.push(response.status);
      if (!response.ok) throw new Error(`Wrong response from the webhook: ${response.status}`);
      this.pending = this.pending.filter((other) => other !== one);
    } catch (thrown) {
      this.lastError = { at: Math.floor(Date.now() / 1_000), text: (thrown as Error).message };
      one.notBeforeMs = performance.now() + Math.min(RETRY_FIRST_MS * 2 ** one.failures, RETRY_MOST_MS);
      one.failures += 1;
      one.inFlight = false;
    }
    if (!this.stopped.signal.aborted) this.wake();
  }
}
