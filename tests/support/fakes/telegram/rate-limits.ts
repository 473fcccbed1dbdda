// Telegram's limits on sending, as its own pages name them: a second a chat, twenty a minute in a group, thirty a second overall.
import { BotApiError } from './types.ts';

export interface SendLimits {
  /** Messages to one chat in `burst` seconds: short bursts pass, a lasting rate over one a second does not. */
  readonly burst: number;
  readonly groupPerMinute: number;
  readonly overallPerSecond: number;
}

export const telegramLimits: SendLimits = { burst: 3, groupPerMinute: 20, overallPerSecond: 30 };

interface Window {
  readonly times: number[];
}

/** Counts what was sent, and refuses what is too much with the seconds to wait. */
export class SendCounter {
  private readonly limits: SendLimits;
  private readonly byChat = new Map<number, Window>();
  private readonly overall: Window = { times: [] };

  constructor(limits: SendLimits) {
    this.limits = limits;
  }

  /** @throws BotApiError 429 with `retry_after` in whole seconds; what is refused is not counted. */
  count(chat: number, nowMs: number): void {
    const { burst, groupPerMinute, overallPerSecond } = this.limits;
    const window = this.byChat.get(chat) ?? { times: [] };
    this.byChat.set(chat, window);
    const waits = [
      waitMs(window, burst, burst * 1_000, nowMs),
      chat < 0 ? waitMs(window, groupPerMinute, 60_000, nowMs) : 0,
      waitMs(this.overall, overallPerSecond, 1_000, nowMs),
    ];
    const longest = Math.max(...waits);
    if (longest > 0) throw tooMany(Math.ceil(longest / 1_000));
    for (const one of [window, this.overall]) {
      one.times.push(nowMs);
      while ((one.times[0] ?? nowMs) <= nowMs - 60_000) one.times.shift();
    }
  }
}

export function tooMany(retryAfterSeconds: number): BotApiError {
  return new BotApiError(429, `Too Many Requests: retry after ${retryAfterSeconds}`, {
    retry_after: retryAfterSeconds,
  });
}

/** How long until one more fits into `most` within the last `spanMs`; 0 when it fits now. */
function waitMs({ times }: Window, most: number, spanMs: number, nowMs: number): number {
  const blocking = times[times.length - most];
  return blocking === undefined ? 0 : Math.max(0, blocking + spanMs - nowMs);
}
