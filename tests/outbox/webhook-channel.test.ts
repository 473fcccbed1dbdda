// The webhook channel against a real receiver: signed as the standard's own package expects, and honest about answers.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import type { AppError } from '../../src/core/errors.ts';
import type { SendBody } from '../../src/core/outbox-item.ts';
import { parseRetryAfter } from '../../src/outbox/signed-post.ts';
import { createWebhookChannel, webhookDelaysMs } from '../../src/outbox/webhook-channel.ts';
import { createManualClock } from './support/manual-clock.ts';

const SECRET = `whsec_${Buffer.from('a secret of the tests, 24+').toString('base64')}`;
const event: SendBody = {
  kind: 'event',
  event: {
    type: 'experiment.switched',
    version: 1,
    payload: { experiment: 'exp_1', to: 'credit – 5 000 ₹' },
  },
};

interface Request {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

type Answer = (response: ServerResponse, request: Request) => void;

let server: Server | undefined;

/** A receiver that answers as told; returns its address and what it received. */
async function receiver(answer: Answer): Promise<{ url: string; received: Request[] }> {
  const received: Request[] = [];
  server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      const { method = '', headers } = incoming;
      const request = { method, headers: headers as Record<string, string>, body };
      received.push(request);
      answer(response, request);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook?token=in-the-address`, received };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

function send(url: string, options: { readonly secret?: string; readonly id?: string } = {}) {
  const { secret = SECRET, id = 'exp_1:3:1' } = options;
  const channel = createWebhookChannel({ endpoints: { n8n: { url, secret } }, clock: systemClock });
  return channel.send({ id, tenant: 'default', address: 'n8n', body: event });
}

async function failureOf(sent: Promise<unknown>): Promise<AppError> {
  return await sent.then(
    () => expect.unreachable('it should have failed'),
    (thrown: AppError) => thrown,
  );
}

const status =
  (code: number, headers: Record<string, string> = {}, body = 'no thanks'): Answer =>
  (response) =>
    void response.writeHead(code, headers).end(body);

describe('the webhook channel', () => {
  it.each([SECRET, 'a secret that is just a text'])(
    'signs what the standard package verifies (%s)',
    async (secret) => {
      const { url, received } = await receiver(status(204, {}, ''));
      await send(url, { secret });

      const [request] = received;
      const oracle = secret === SECRET ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });
      expect(oracle.verify(request?.body ?? '', request?.headers ?? {})).toEqual({
        type: 'experiment.switched',
        data: { experiment: 'exp_1', to: 'credit – 5 000 ₹' },
        tenant: 'default',
      });
      expect(request).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
      expect(() =>
        new Webhook(`whsec_${'b'.repeat(32)}`).verify(request?.body ?? '', request?.headers ?? {}),
      ).toThrow();
    },
  );

  it('keeps id and body over attempts, and signs each with its own time', async () => {
    const { url, received } = await receiver(status(200));
    const clock = createManualClock();
    const channel = createWebhookChannel({ endpoints: { n8n: { url, secret: SECRET } }, clock });
    const message = { id: 'exp_1:3:1', tenant: 'default', address: 'n8n', body: event };
    await channel.send(message);
    clock.advance(5_000);
    await channel.send(message);

    const [first, second] = received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    expect(Number(second?.headers['webhook-timestamp'])).toBe(
      Number(first?.headers['webhook-timestamp']) + 5,
    );
    expect(second?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature']);
  });

  it('follows no redirect: an answer of the 3xx kind is a failure', async () => {
    const { url, received } = await receiver(status(302, { location: '/elsewhere' }));

    expect(await failureOf(send(url))).toMatchObject({ code: 'remote.unavailable', retryable: true });
    expect(received).toHaveLength(1);
  });

  it('gives up for good on 410', async () => {
    const { url } = await receiver(status(410));
    expect(await failureOf(send(url))).toMatchObject({ code: 'remote.refused', retryable: false });
  });

  it.each([
    [400, undefined, false],
    [404, undefined, false],
    [429, undefined, true],
    [500, undefined, false],
    [503, undefined, false],
  ])('tries again after %i without a named time', async (code, retryAfterMs, neverArrived) => {
    const { url } = await receiver(status(code));
    expect(await failureOf(send(url))).toMatchObject({ retryable: true, retryAfterMs, neverArrived });
  });

  it.each([429, 502, 503, 504])('obeys Retry-After on %i', async (code) => {
    const { url } = await receiver(status(code, { 'retry-after': '120' }));
    expect(await failureOf(send(url))).toMatchObject({
      retryable: true,
      retryAfterMs: 120_000,
      neverArrived: true,
    });
  });

  it('names host, status and the first 200 characters of the answer, and never the secret or the address', async () => {
    const { url } = await receiver(status(500, {}, `${SECRET} and ${SECRET.slice(6)} ${'x'.repeat(500)}`));
    const { publicMessage, message } = await failureOf(send(url));

    expect(publicMessage).toMatch(/^127\.0\.0\.1:\d+ answered 500: «secret» and «secret» x+$/);
    expect(publicMessage.length).toBeLessThan(240);
    expect(publicMessage + message).not.toContain(SECRET.slice(6));
    expect(publicMessage + message).not.toContain('in-the-address');
  });

  it('reads no more of an answer than 64 KB', async () => {
    let written = 0;
    const { url } = await receiver((response) => {
      response.writeHead(200);
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) written += 16_384;
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    });

    expect(await send(url)).toEqual({ messageId: 'exp_1:3:1' });
    expect(written).toBeLessThan(50_000_000);
  });

  it('gives a receiver that never answers up, as one that may have taken it', async () => {
    const { url } = await receiver(() => undefined);
    const endpoints = { n8n: { url, secret: SECRET } };
    const channel = createWebhookChannel({ endpoints, clock: systemClock, timeoutMs: 50 });
    const sent = channel.send({ id: 'a:1:0', tenant: 'default', address: 'n8n', body: event });

    const failure = await failureOf(sent);
    expect(failure).toMatchObject({ code: 'remote.unavailable', retryable: true, neverArrived: false });
    expect(failure.publicMessage).toMatch(/^127\.0\.0\.1:\d+ did not answer in time\.$/);
  });

  it('takes a 2xx for a yes even when the rest of the answer never comes', async () => {
    const { url } = await receiver((response) => void response.writeHead(202).write('accep'));
    const endpoints = { n8n: { url, secret: SECRET } };
    const channel = createWebhookChannel({ endpoints, clock: systemClock, timeoutMs: 200 });
    const sent = channel.send({ id: 'a:1:0', tenant: 'default', address: 'n8n', body: event });

    expect(await sent).toEqual({ messageId: 'a:1:0' });
  });

  it('knows that a request nobody listened to never arrived, and that a broken connection may have', async () => {
    const { url } = await receiver((response) => response.socket?.destroy());
    expect(await failureOf(send(url))).toMatchObject({ retryable: true, neverArrived: false });

    await new Promise((resolve) => server?.close(resolve));
    const refused = await failureOf(send(url));
    expect(refused).toMatchObject({ retryable: true, neverArrived: true });
    expect(refused.publicMessage).toMatch(/could not be reached \(ECONNREFUSED\)/);
  });

  it('refuses an endpoint that nobody set up, and an address that is none', async () => {
    const channel = createWebhookChannel({ endpoints: {}, clock: systemClock });
    const sent = channel.send({ id: 'a:1:0', tenant: 'default', address: 'toString', body: event });

    expect(await failureOf(sent)).toMatchObject({ code: 'remote.refused', retryable: false });
    expect(() =>
      createWebhookChannel({ endpoints: { n8n: { url: 'ftp://x', secret: 's' } }, clock: systemClock }),
    ).toThrow(/“n8n”/);
  });

  it('follows the schedule of the standard: ten attempts over about three days', () => {
    expect(webhookDelaysMs).toHaveLength(9);
    expect(webhookDelaysMs.reduce((sum, delayMs) => sum + delayMs, 0)).toBe(272_105_000);
  });

  it.each([
    ['120', 120_000],
    ['Mon, 02 Mar 2026 09:01:00 GMT', 60_000],
    ['Mon, 02 Mar 2026 08:00:00 GMT', 0],
    ['99999999999', 86_400_000],
    ['soon', null],
    ['-5', null],
  ])('reads Retry-After “%s”', (value, waitMs) => {
    expect(parseRetryAfter(value, new Date('2026-03-02T09:00:00.000Z'))).toBe(waitMs);
  });
});
