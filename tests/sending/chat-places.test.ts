// Chat platforms and n8n as places: each gets its own form within its own limits, and its own way to say “later”.
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import {
  buttons,
  code,
  context,
  fields,
  list,
  picture,
  type Reply,
  reply,
  table,
  withStatus,
} from '../../src/core/reply.ts';
import type { OperatorHook } from '../../src/operator-hooks.ts';
import { discordForm } from '../../src/outbox/hook-forms/discord.ts';
import { slackForm } from '../../src/outbox/hook-forms/slack.ts';
import { teamsForm } from '../../src/outbox/hook-forms/teams.ts';
import { answering, type Listener, listen, sendingWorld, switched } from './support.ts';

const open: Listener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

async function receiver(): Promise<Listener> {
  const listener = await listen();
  open.push(listener);
  return listener;
}

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const hook = (name: string, kind: OperatorHook['kind'], url: string): OperatorHook => ({
  name,
  kind,
  url,
  variable: `${name.toUpperCase()}_WEBHOOK_URL`,
  secrets: kind === 'n8n' ? [secret] : [],
});

const alert = withStatus(
  'act',
  reply(
    ['Vouchers fail: ', { bold: '12 of 100' }, ' & rising <!channel> @everyone'],
    fields({ Provider: 'xoxo', Share: '12 %', Empty: '' }),
    table(
      [{ label: 'Code' }, { label: 'Count', numeric: true }],
      [
        ['timeout', '9'],
        ['refused', '3'],
      ],
    ),
    list(['one *bold*', [{ link: 'the page', href: 'https://ops.example.com/admin?a=1|2' }]]),
    code('```trace```'),
    picture('A chart of failures', '<svg/>'),
    buttons({ label: 'Acknowledge', operation: 'alert.ack', input: {} }),
    context([{ code: 'alr_1' }, ' · raised now']),
  ),
);

const texts = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(texts)
      : [];

/** Larger than any platform takes, in every block. */
const huge: Reply = {
  status: 'look',
  blocks: [
    { kind: 'text', text: [{ bold: 'b'.repeat(5_000) }, '&'.repeat(5_000)] },
    fields(Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`label ${n}`, 'v&'.repeat(3_000)]))),
    table(
      [{ label: 'x' }],
      Array.from({ length: 2_000 }, (_, n) => [`row ${n}`]),
    ),
    list(Array.from({ length: 2_000 }, (_, n) => `item ${n}`)),
    ...Array.from({ length: 80 }, () => context('c'.repeat(3_000))),
  ],
};

describe('the form of Slack', () => {
  interface SlackBlock {
    readonly type: string;
    readonly text?: { readonly text: string };
    readonly fields?: readonly { readonly text: string }[];
    readonly elements?: readonly { readonly text: string }[];
  }
  const blocksOf = (said: Reply) => slackForm(said)['blocks'] as SlackBlock[];

  it('keeps marks, tables and facts, and lets nobody be mentioned', () => {
    const { text } = slackForm(alert) as { text: string };
    expect(text).toMatch(/^■ Vouchers fail: 12 of 100 &amp; rising &lt;!channel&gt;/);
    const blocks = blocksOf(alert);
    expect(blocks[0]?.text?.text).toBe(
      '■ Vouchers fail: *12 of 100* &amp; rising &lt;!channel&gt; @everyone',
    );
    expect(blocks[1]?.fields?.[0]?.text).toBe('*Provider*\nxoxo');
    expect(blocks[2]?.text?.text).toBe('```Code     Count\ntimeout      9\nrefused      3```');
    expect(blocks[3]?.text?.text).toContain('<https://ops.example.com/admin?a=1%7C2|the page>');
    expect(JSON.stringify(blocks)).not.toContain('<!channel>');
    expect(JSON.stringify(blocks)).not.toContain('Acknowledge');
  });

  it('stays within its limits whatever is said', () => {
    const blocks = blocksOf(huge);
    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const block of blocks) {
      expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(3_000);
      expect(block.fields?.length ?? 0).toBeLessThanOrEqual(10);
      for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2_000);
      for (const text of texts(block)) expect(text).not.toMatch(/&[a-z]{0,3}…?$/);
    }
    expect(String(slackForm(huge)['text']).length).toBeLessThanOrEqual(4_000);
  });

  it('has no empty text, which Slack refuses', () => {
    const bare = reply('', fields({ Empty: '' }), list([]), context(''));
    for (const block of blocksOf(bare)) expect(block.text?.text ?? 'x').not.toBe('');
  });
});

describe('the form of Discord', () => {
  interface Embed {
    readonly description?: string;
    readonly fields?: readonly { readonly name: string; readonly value: string }[];
    readonly color?: number;
  }

  it('says the fact, the rest in one embed, and mentions nobody', () => {
    const form = discordForm(alert) as { content: string; embeds: Embed[]; allowed_mentions: unknown };
    expect(form.content).toBe('■ Vouchers fail: **12 of 100** & rising \\<!channel\\> @everyone');
    expect(form.embeds[0]?.fields?.map(({ name, value }) => [name, value])).toEqual([
      ['Provider', 'xoxo'],
      ['Share', '12 %'],
      ['Empty', '—'],
    ]);
    expect(form.embeds[0]?.description).toContain('timeout      9');
    expect(form.embeds[0]?.color).toBe(0xb3261e);
    expect(form.allowed_mentions).toEqual({ parse: [] });
    expect(discordForm(reply('Only this'))).toEqual({
      content: 'Only this',
      allowed_mentions: { parse: [] },
    });
  });

  it('stays within its limits whatever is said', () => {
    const form = discordForm(huge) as { content: string; embeds: Embed[] };
    expect(form.content.length).toBeLessThanOrEqual(2_000);
    const [embed] = form.embeds;
    expect(embed?.description?.length ?? 0).toBeLessThanOrEqual(4_096);
    expect(embed?.fields?.length ?? 0).toBeLessThanOrEqual(25);
    for (const { name, value } of embed?.fields ?? []) {
      expect(name.length).toBeLessThanOrEqual(256);
      expect(value.length).toBeLessThanOrEqual(1_024);
    }
    const { color: _color, ...said } = embed ?? {};
    expect(texts(said).join('').length).toBeLessThanOrEqual(6_000);
  });
});

describe('the form of Teams', () => {
  it('is one Adaptive Card with its facts, and at most 28 KB', () => {
    const form = JSON.stringify(teamsForm(alert));
    expect(form).toContain('"version":"1.4"');
    expect(form).toContain('"FactSet"');
    expect(form).toContain('■ Vouchers fail: **12 of 100**');
    expect(Buffer.byteLength(JSON.stringify(teamsForm(huge)))).toBeLessThanOrEqual(28_000);
  });
});

describe('a place that the operator named', () => {
  it('is reached by its name, in its form, although its address is private', async () => {
    const [slack, scale] = [await receiver(), await receiver()];
    const hooks = [hook('slack', 'slack', slack.url), hook('n8n-scale', 'n8n', scale.url)];
    const world = sendingWorld({ sandbox: false, hooks });
    world.clock.advance(Date.now() - world.clock.now().getTime());
    const body = { kind: 'reply', reply: alert } as const;
    await world.write(
      'a',
      { kind: 'send', destination: 'hook:slack', body },
      { kind: 'send', destination: 'hook:n8n-scale', body },
      { kind: 'send', destination: 'hook:nowhere', body },
    );
    await world.outbox.drain();

    expect(JSON.parse(slack.received[0]?.body ?? '')).toHaveProperty('blocks');
    expect(slack.received[0]?.headers['webhook-signature']).toBeUndefined();
    const [{ headers = {}, body: sent = '' } = {}] = scale.received;
    expect(new Webhook(secret).verify(sent, headers)).toMatchObject({ type: 'message.posted' });
    expect(await world.rows.count({ status: 'dead', destination: 'hook:nowhere' })).toBe(1);
  });

  it('is listed and tested by name, subscribes to nothing, and is changed by nobody here', async () => {
    const discord = await receiver();
    const world = sendingWorld({ hooks: [hook('discord', 'discord', discord.url)] });
    await world.write('a', switched());
    await world.outbox.drain();
    expect(discord.received).toHaveLength(0);

    const call = world.ctx();
    await world.sending.test(call, 'discord');
    await world.sending.test(call, 'discord');
    await world.sending.test(world.ctx(), 'discord');
    await world.outbox.drain();
    world.clock.advance(1_000);
    await world.outbox.drain();
    expect(discord.received).toHaveLength(2);
    expect(await world.sending.list(world.ctx())).toMatchObject([
      { id: 'discord', setBy: 'operator', kind: 'discord', dead: 0, waiting: 0 },
    ]);
    const shown = JSON.stringify(await world.sending.show(world.ctx(), 'discord'));
    expect(shown).not.toContain('a-token-in-the-path');
    for (const change of ['disable', 'enable', 'remove'] as const)
      await expect(world.sending[change](world.ctx(), 'discord')).rejects.toThrow('by the operator');
    await expect(world.sending.rotate(world.ctx(), 'discord', 1)).rejects.toThrow('by the operator');
    expect(await world.sending.replay(world.ctx(), 'discord', { since: new Date(0) })).toBe(2);
  });
});

describe('what a chat platform answers', () => {
  const place = async (kind: 'slack' | 'discord' | 'teams') => {
    const target = await receiver();
    const world = sendingWorld({ hooks: [hook(kind, kind, target.url)] });
    const say = async (id: string) => {
      const body = { kind: 'reply', reply: reply(id) } as const;
      await world.write(id, { kind: 'send', destination: `hook:${kind}`, body });
      await world.outbox.drain();
    };
    return { target, world, say };
  };

  it('“too many” by Slack: rests for the time named, then goes on in order', async () => {
    const { target, world, say } = await place('slack');
    target.answer = answering(429, { 'retry-after': '30' });
    await say('one');
    target.answer = answering(200, {}, 'ok');
    world.clock.advance(29_000);
    await say('two');
    expect(target.received).toHaveLength(1);
    world.clock.advance(5 * 60_000);
    await world.outbox.drain();
    world.clock.advance(1_000);
    await world.outbox.drain();
    expect(target.received).toHaveLength(3);
  });

  it('“too many” by Discord, whose time stands in the body with fractions', async () => {
    const { target, world, say } = await place('discord');
    target.answer = answering(429, {}, '{"message":"You are being rate limited.","retry_after":64.57}');
    await say('one');
    target.answer = answering(204);
    world.clock.advance(60_000);
    await world.outbox.drain();
    expect(target.received).toHaveLength(1);
    world.clock.advance(15_000);
    await world.outbox.drain();
    expect(target.received).toHaveLength(2);
  });

  it('“too many” by Teams, written into a body behind a 200', async () => {
    const { target, world, say } = await place('teams');
    const text =
      'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429';
    target.answer = answering(200, {}, text);
    await say('one');
    expect(await world.rows.count({ status: 'waiting' })).toBe(1);
    target.answer = answering(200, {}, '1');
    world.clock.advance(60_000);
    await world.outbox.drain();
    expect(await world.rows.count({ status: 'sent' })).toBe(1);
  });

  it('a refusal is final: no retry would make the message another', async () => {
    const { target, world, say } = await place('slack');
    target.answer = answering(400, {}, 'invalid_blocks');
    await say('one');
    expect(await world.rows.find({ where: { status: 'dead' }, limit: 2 })).toMatchObject([
      { problem: expect.stringContaining('invalid_blocks') },
    ]);
  });

  it('one message a second to a Slack channel, whoever adds it', async () => {
    const target = await receiver();
    const world = sendingWorld();
    await world.add(target.url, { kind: 'slack' });
    await world.write('a', switched());
    await world.write('b', switched());
    await world.outbox.drain();
    expect(target.received).toHaveLength(1);
    world.clock.advance(1_000);
    await world.outbox.drain();
    expect(target.received).toHaveLength(2);
  });

  it('“gone” by 404 disables an endpoint of staff, as 410 does', async () => {
    const target = await receiver();
    target.answer = answering(404, {}, 'no_service');
    const world = sendingWorld();
    await world.add(target.url, { kind: 'slack' });
    await world.write('a', switched());
    await world.outbox.drain();
    expect((await world.sending.list(world.ctx()))[0]).toMatchObject({ status: 'disabled', dead: 1 });
  });
});

it('an endpoint stored under the first name of its kind is still sent to, signed', async () => {
  const target = await receiver();
  const world = sendingWorld();
  const { endpoint, secret: key } = await world.add(target.url);
  const stored = await world.subscriptions.scoped('default').get(endpoint.id);
  if (!stored) throw new Error('not stored');
  const trace = {
    history: { effectKey: 'old', at: world.clock.now(), by: 'test', operation: 'x' },
    items: [],
  };
  await world.subscriptions.scoped('default').compareAndSet(stored, { kind: 'generic' }, trace);
  world.clock.advance(Date.now() - world.clock.now().getTime());
  await world.write('a', switched());
  await world.outbox.drain();

  const [{ headers = {}, body = '' } = {}] = target.received;
  expect(new Webhook(key ?? '').verify(body, headers)).toMatchObject({ type: 'experiment.switched' });
  expect(await world.sending.list(world.ctx())).toMatchObject([{ kind: 'standard' }]);
});
