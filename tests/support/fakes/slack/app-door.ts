// How the fake reaches the app: signed requests or Socket Mode, with Slack's patience and its repeats.
import { createHmac } from 'node:crypto';
import { type Json, parsed } from './json.ts';
import type { Envelope, Sockets } from './sockets.ts';

const PATIENCE_MS = 3_000;
const MOST_TRIES = 4;

/** One thing that Slack tells the app; it may be delivered again. */
export interface Delivery {
  readonly kind: 'event' | 'command' | 'interaction';
  readonly payload: Json;
}

export interface Delivered {
  readonly delivery: Delivery;
  /** HTTP status of the last try; 0 when there was no answer in time. */
  readonly status: number;
  /** The body of the answer, as JSON where it is. */
  readonly answer: unknown;
  readonly tries: number;
}

export interface AppDoor {
  /** Sends, and events again up to three times when they are not taken. */
  deliver(delivery: Delivery): Promise<Delivered>;
  /** Sends once, as the n-th repeat. */
  repeat(delivery: Delivery, retryNum: number): Promise<Delivered>;
}

export interface AppDoorOptions {
  readonly signingSecret: string;
  readonly nowMs: () => number;
  readonly sockets: Sockets;
  /** Where the app takes requests; undefined means Socket Mode. */
  readonly url: () => string | undefined;
  /** Waits before the repeats of an event. Slack's own: at once, a minute, five minutes. */
  readonly retryDelaysMs: readonly number[];
}

/** Slack's signature of a body: `v0=` and HMAC-SHA256 of `v0:<seconds>:<body>` in hex. */
export function signatureOf(secret: string, seconds: number, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex')}`;
}

export function createAppDoor(options: AppDoorOptions): AppDoor {
  const { signingSecret, nowMs, sockets, url, retryDelaysMs } = options;

  async function once(delivery: Delivery, retryNum: number): Promise<Delivered> {
    const target = url();
    return target === undefined ? bySocket(delivery, retryNum) : byHttp(target, delivery, retryNum);
  }

  async function byHttp(target: string, delivery: Delivery, retryNum: number): Promise<Delivered> {
    const { body, type } = bodyOf(delivery);
    const seconds = Math.floor(nowMs() / 1_000);
    const retry: Record<string, string> =
      retryNum === 0 ? {} : { 'X-Slack-Retry-Num': String(retryNum), 'X-Slack-Retry-Reason': 'http_timeout' };
    const headers = {
      'Content-Type': type,
      'User-Agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'X-Slack-Request-Timestamp': String(seconds),
      'X-Slack-Signature': signatureOf(signingSecret, seconds, body),
      ...retry,
    };
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const response = await fetch(target, { method: 'POST', headers, body, signal });
      const text = await response.text();
      return { delivery, status: response.status, answer: parsed(text) ?? text, tries: 1 };
    } catch {
      return { delivery, status: 0, answer: '', tries: 1 };
    }
  }

  async function bySocket(delivery: Delivery, retryNum: number): Promise<Delivered> {
    const types = { event: 'events_api', command: 'slash_commands', interaction: 'interactive' } as const;
    const retry = retryNum === 0 ? {} : { retryAttempt: retryNum, retryReason: 'timeout' };
    const envelope: Envelope = { type: types[delivery.kind], payload: delivery.payload, ...retry };
    const answer = await sockets.send(envelope);
    return { delivery, status: answer ? 200 : 0, answer: answer?.payload ?? '', tries: 1 };
  }

  async function deliver(delivery: Delivery): Promise<Delivered> {
    let last = await once(delivery, 0);
    const most = delivery.kind === 'event' ? MOST_TRIES : 1;
    for (let tries = 1; tries < most && (last.status < 200 || last.status > 299); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, retryDelaysMs[tries - 1] ?? 0));
      last = { ...(await once(delivery, tries)), tries: tries + 1 };
    }
    return last;
  }

  return { deliver, repeat: once };
}

/** Events are JSON; commands are forms; everything else is a form with one field of JSON. */
export function bodyOf({ kind, payload }: Delivery): { readonly body: string; readonly type: string } {
  if (kind === 'event') return { body: JSON.stringify(payload), type: 'application/json' };
  const form =
    kind === 'command'
      ? Object.entries(payload).map(([name, value]): [string, string] => [name, String(value)])
      : [['payload', JSON.stringify(payload)] as [string, string]];
  return { body: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' };
}
