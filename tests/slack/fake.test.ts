import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webApi } from '@slack/bolt';
import { afterEach, describe, expect, it } from 'vitest';
import { refuseRequest } from '../../bots/slack/verify.ts';
import { startSlackFake } from '../support/fakes/slack/fake.ts';

const { WebClient } = webApi;

let open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const quiet = (): void => undefined;
const silent = {
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: quiet,
  setLevel: quiet,
  setName: quiet,
  getLevel: () => 'error' as never,
};

/** A fake whose time stands still, and Slack's own client to it. */
async function world() {
  let at = Date.parse('2026-11-21T09:00:00.000Z');
  const fake = await startSlackFake({ nowMs: () => at });
  open.push(fake);
  const options = { slackApiUrl: fake.apiUrl, rejectRateLimitedCalls: true, retryConfig: { retries: 0 } };
  const client = new WebClient(fake.tokens.bot, { ...options, logger: silent });
  const pass = (ms: number): void => {
    at += ms;
  };
  return { fake, client, pass, now: () => new Date(at), options };
}

/** An app that keeps what it was sent, and answers as told. */
async function app(answer: (body: string) => { status: number; body?: unknown }) {
  const heard: { body: string; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    heard.push({ body, headers: req.headers });
    const given = answer(body);
    res.writeHead(given.status, { 'Content-Type': 'application/json' });
    res.end(given.body === undefined ? '' : JSON.stringify(given.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events` };
}

const errorOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (error: { data?: { error?: string }; retryAfter?: number; code?: string }) =>
      error.data?.error ?? (error.retryAfter === undefined ? String(error.code) : `wait ${error.retryAfter}`),
  );

const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });
const button = (id: string, label = 'Go') => ({
  type: 'actions' as const,
  elements: [{ type: 'button' as const, action_id: id, text: { type: 'plain_text' as const, text: label } }],
});

describe('the fake of Slack', () => {
  it('keeps what is posted where the bot is a member, and names what it does not know', async () => {
    const { fake, client } = await world();
    const ops = fake.workspace.addChannel({ name: 'ops' });
    const elsewhere = fake.workspace.addChannel({ name: 'elsewhere', withBot: false });
    const hidden = fake.workspace.addChannel({ name: 'hidden', kind: 'private', withBot: false });
    const post = (channel: string) => errorOf(client.chat.postMessage({ channel, text: 'hello' }));
    expect(await post(ops.id)).toBe('ok');
    expect(await post(elsewhere.id)).toBe('not_in_channel');
    expect(await post(hidden.id)).toBe('channel_not_found');
    expect(await post('C0NOWHERE')).toBe('channel_not_found');
    expect(fake.workspace.messagesIn(ops.id)).toMatchObject([{ text: 'hello', byBot: true }]);
  });

  it('refuses blocks beyond every limit, with the reason', async () => {
    const { fake, client, pass } = await world();
    const { id: channel } = fake.workspace.addChannel({ name: 'ops' });
    const post = async (blocks: unknown): Promise<string> => {
      pass(60_000);
      return errorOf(client.chat.postMessage({ channel, text: 'x', blocks: blocks as never }));
    };
    expect(await post(Array.from({ length: 50 }, () => section('x')))).toBe('ok');
    expect(await post(Array.from({ length: 51 }, () => section('x')))).toBe('invalid_blocks');
    expect(await post([section('x'.repeat(3_001))])).toBe('invalid_blocks');
    expect(await post([section('')])).toBe('invalid_blocks');
    expect(await post([button('a', 'x'.repeat(76))])).toBe('invalid_blocks');
    expect(await post([button('a'.repeat(256))])).toBe('invalid_blocks');
    expect(await post([button('a'), button('a')])).toBe('invalid_blocks');
    expect(
      await post([
        { ...section('x'), block_id: 'b' },
        { ...section('x'), block_id: 'b' },
      ]),
    ).toBe('invalid_blocks');
    expect(await post(Array.from({ length: 6 }, () => section('x'.repeat(2_500))))).toBe(
      'msg_blocks_too_long',
    );
    expect(await post([{ type: 'image', alt_text: 'a', slack_file: { id: 'F0' } }])).toBe('invalid_blocks');
  });

  it('lets about one message a second into a channel, and says how long to wait', async () => {
    const { fake, client, pass } = await world();
    const { id: one } = fake.workspace.addChannel({ name: 'one' });
    const { id: two } = fake.workspace.addChannel({ name: 'two' });
    const post = (channel: string) => errorOf(client.chat.postMessage({ channel, text: 'x' }));
    for (let n = 0; n < 3; n += 1) expect(await post(one)).toBe('ok');
    expect(await post(one)).toBe('wait 1');
    expect(await post(two)).toBe('ok');
    pass(1_000);
    expect(await post(one)).toBe('ok');
  });

  it('refuses tokens that are wrong, missing or revoked', async () => {
    const { fake, client, options } = await world();
    expect(await errorOf(client.auth.test())).toBe('ok');
    expect(await errorOf(new WebClient('xoxb-other', options).auth.test())).toBe('invalid_auth');
    expect(await errorOf(new WebClient(undefined, options).auth.test())).toBe('not_authed');
    expect(await errorOf(client.apps.connections.open({}))).toBe('not_allowed_token_type');
    fake.revokeToken();
    expect(await errorOf(client.auth.test())).toBe('token_revoked');
  });

  it('fails as scripted: limited, broken, lost after it was taken', async () => {
    const { fake, client } = await world();
    const { id: channel } = fake.workspace.addChannel({ name: 'ops' });
    const post = () => errorOf(client.chat.postMessage({ channel, text: 'x' }));
    fake.faults.add({ fault: { kind: 'rate_limited', retryAfterSeconds: 7 }, channel, times: 1 });
    expect(await post()).toBe('wait 7');
    fake.faults.add({ fault: { kind: 'status', status: 503 }, times: 1 });
    expect(await post()).toContain('http_error');
    fake.faults.add({ fault: { kind: 'reset' }, times: 1 });
    expect(await post()).toContain('request_error');
    expect(fake.workspace.messagesIn(channel)).toHaveLength(0);
    fake.faults.add({ fault: { kind: 'lost' }, times: 1 });
    expect(await post()).toContain('request_error');
    expect(fake.workspace.messagesIn(channel)).toHaveLength(1);
  });

  it('takes a file in three calls and shows it in a message once it was looked at', async () => {
    const { fake, client } = await world();
    const { id: channel } = fake.workspace.addChannel({ name: 'ops' });
    const bytes = Buffer.from('not really a picture');
    const uploaded = await client.files.uploadV2({ file: bytes, filename: 'chart.png', alt_text: 'A chart' });
    const [file] = fake.workspace.files.values();
    expect(uploaded.ok).toBe(true);
    expect(file).toMatchObject({ name: 'chart.png', altText: 'A chart', bytes });
    const image = { type: 'image' as const, alt_text: 'A chart', slack_file: { id: file?.id ?? '' } };
    expect(await errorOf(client.chat.postMessage({ channel, text: 'x', blocks: [image] }))).toBe('ok');
  });

  it('signs what it tells the app, repeats events that are not taken, and shows one trigger one form', async () => {
    const { fake, client, pass, now } = await world();
    const asha = fake.workspace.addUser('Asha');
    const channel = fake.workspace.addChannel({ name: 'ops', members: [asha] });
    let failures = 1;
    const { heard, url } = await app(() => {
      failures -= 1;
      return { status: failures >= 0 ? 500 : 200 };
    });
    fake.setAppUrl(url);
    const said = await fake.says(asha, channel, 'hello');
    expect(said.delivered).toMatchObject([{ status: 200, tries: 2 }]);
    expect(heard.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1']);
    const [first] = heard;
    const proof = {
      timestamp: String(first?.headers['x-slack-request-timestamp']),
      signature: String(first?.headers['x-slack-signature']),
      body: Buffer.from(first?.body ?? ''),
    };
    expect(refuseRequest(proof, fake.signingSecret, now())).toBeNull();
    await fake.says(asha, channel, '/ops task add');
    const trigger_id = new URLSearchParams(heard.at(-1)?.body).get('trigger_id') ?? '';
    const view = {
      type: 'modal' as const,
      title: { type: 'plain_text' as const, text: 'Task' },
      blocks: [section('…')],
    };
    expect(await errorOf(client.views.open({ trigger_id, view }))).toBe('ok');
    expect(await errorOf(client.views.open({ trigger_id, view }))).toBe('exchanged_trigger_id');
    await fake.says(asha, channel, '/ops task add');
    const late = new URLSearchParams(heard.at(-1)?.body).get('trigger_id') ?? '';
    pass(3_001);
    expect(await errorOf(client.views.open({ trigger_id: late, view }))).toBe('expired_trigger_id');
  });

  it('takes five answers at a response address, for half an hour, for one person alone', async () => {
    const { fake, pass } = await world();
    const [asha, vik] = [fake.workspace.addUser('Asha'), fake.workspace.addUser('Vik')];
    const channel = fake.workspace.addChannel({ name: 'ops', withBot: false, members: [asha, vik] });
    const { heard, url } = await app(() => ({ status: 200 }));
    fake.setAppUrl(url);
    const address = async (): Promise<string> => {
      await fake.says(asha, channel, '/ops me');
      return new URLSearchParams(heard.at(-1)?.body).get('response_url') ?? '';
    };
    const answer = async (to: string): Promise<number> =>
      (
        await fetch(to, {
          method: 'POST',
          body: JSON.stringify({ text: 'you' }),
          headers: { 'Content-Type': 'application/json' },
        })
      ).status;
    const to = await address();
    for (let n = 0; n < 5; n += 1) expect(await answer(to)).toBe(200);
    expect(await answer(to)).toBe(404);
    expect(fake.seenBy(asha, channel)).toHaveLength(5);
    expect(fake.seenBy(vik, channel)).toHaveLength(0);
    const late = await address();
    pass(30 * 60_000 + 1);
    expect(await answer(late)).toBe(404);
  });
});
