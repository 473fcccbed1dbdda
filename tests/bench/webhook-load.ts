// Senders for the bench of webhooks: signed deliveries over kept connections, as fast as may be or at a steady pace.
import { Agent, request } from 'node:http';
import { schemes } from '../../src/features/webhooks/schemes/all.ts';

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface Delivery {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A delivery of `events` or `shop`, signed now under a new id. */
export function delivery(source: 'events' | 'shop', id: string): Delivery {
  const at = new Date();
  const told =
    source === 'shop'
      ? { id, at: at.toISOString(), paise: 49_900, from: 'app' }
      : { type: 'incident.opened', at: at.toISOString(), data: { key: id, title: `Incident ${id}` } };
  const body = Buffer.from(JSON.stringify(told));
  const signed = schemes.standard.sign({ id, at, body, url: '', secret: SECRET });
  const headers = { ...signed, 'content-type': 'application/json', 'content-length': String(body.length) };
  return { path: `/webhooks/${source}`, headers, body };
}

/** @throws Error for any answer but 2xx. */
export function post(url: string, { path, headers, body }: Delivery): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method: 'POST', headers, agent }, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      response.on('end', () => (status < 300 ? resolve() : reject(new Error(`answered ${status}`))));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Sends all of them, so many at once; answers the seconds it took. */
export async function sendAll(url: string, deliveries: readonly Delivery[], atOnce: number): Promise<number> {
  const left = deliveries.values();
  const send = async (): Promise<void> => {
    for (const one of left) await post(url, one);
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: atOnce }, send));
  return (performance.now() - startedMs) / 1_000;
}

/**
 * Calls at moments that are fixed beforehand, the rate rising evenly from one to the other; a slow answer delays
 * none of the later ones. Answers each call's milliseconds from its moment to its end.
 */
export async function paced(
  rates: { readonly from: number; readonly to: number; readonly seconds: number },
  call: (number: number) => Promise<void>,
): Promise<readonly number[]> {
  const { from, to, seconds } = rates;
  const total = Math.floor(((from + to) / 2) * seconds);
  const startedMs = performance.now();
  const took: Promise<number>[] = [];
  for (let number = 0; number < total; number += 1) {
    const dueMs = startedMs + momentOf(number, rates) * 1_000;
    const waitMs = dueMs - performance.now();
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
    took.push(call(number).then(() => performance.now() - dueMs));
  }
  return await Promise.all(took);
}

/** When the n-th call is due, in seconds: the rate integrated is `from·t + (to − from)·t²/2T`. */
export function momentOf(
  number: number,
  { from, to, seconds }: { from: number; to: number; seconds: number },
): number {
  const slope = (to - from) / seconds;
  if (slope === 0) return number / from;
  return (Math.sqrt(from * from + 2 * slope * number) - from) / slope;
}

/** The value below which such a share lies; nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
