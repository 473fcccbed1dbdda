// What an address set by staff can reach: against servers that really listen, with a resolver in the test's hand.
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutboundRules, readNetwork } from '../../src/core/outbound-address.ts';
import type { Resolve } from '../../src/outbox/guarded-agents.ts';
import { answering, type Listener, listen, sendingWorld, switched } from './support.ts';

let server: Server;
let port = 0;
let connections = 0;
const open: Listener[] = [];

beforeEach(async () => {
  connections = 0;
  server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

const resolvesTo =
  (...addresses: readonly string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

/** Adds the address, lets an event happen, and says what became of it. */
async function attempt(world: ReturnType<typeof sendingWorld>, url: string) {
  await world.add(url);
  await world.write('exp_1', switched());
  await world.outbox.drain();
  const [row] = await world.rows.find({ where: { scheme: 'endpoint' }, limit: 1 });
  return { status: row?.status, problem: row?.problem };
}

describe('an address as it is written', () => {
  it.each([
    'https://127.0.0.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://127.0.0.1./',
    'https://127。0。0。1/',
    'https://①②⑦.0.0.1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:7f00:1::]/',
    'https://[fd12:3456::1]/',
    'https://[fe80::1]/',
    'https://[ff02::1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://localhost/',
    'http://hooks.example.com/',
    'http://127.0.0.1/',
    'https://name:word@hooks.example.com/',
    'https://hooks.example.com@127.0.0.1/',
    'https://@hooks.example.com/',
    'https:\\\\hooks.example.com/',
    'https://hooks.example.com\\@127.0.0.1/',
    'https://hooks.exa\tmple.com/',
    'ftp://hooks.example.com/',
    'file:///etc/hosts',
    'gopher://hooks.example.com/',
    '//hooks.example.com/',
    'hooks.example.com',
  ])('is refused in production: %s', (url) => {
    const rules = createOutboundRules({ allow: [], sandbox: false });
    expect(() => rules.judge(url)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
  });

  it.each(['https://0x7f.1/', 'https://[::ffff:127.0.0.1]/', 'https://2130706433/', 'http://10.0.0.1/'])(
    'is refused in a sandbox too where it hides what it is: %s',
    (url) => {
      const rules = createOutboundRules({ allow: [], sandbox: true });
      expect(() => rules.judge(url)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
    },
  );

  it.each([
    ['https://hooks.example.com/a?b=c#d', true],
    ['https://93.184.216.34:8443/', false],
    ['https://[2606:2800:220:1::1]/', false],
    ['https://HOOKS.Example.com/', false],
    ['https://münchen.example/', false],
  ])('is taken where it is plain and public: %s', (url, sandbox) => {
    expect(createOutboundRules({ allow: [], sandbox }).judge(url).protocol).toBe('https:');
  });

  it('may lead to a private network that the operator opened, and to no other', () => {
    const rules = createOutboundRules({ allow: ['10.1.0.0/16', 'fd00::/8'], sandbox: false });
    expect(rules.judge('https://10.1.2.3/').hostname).toBe('10.1.2.3');
    expect(rules.judge('https://[fd00::5]/').hostname).toBe('[fd00::5]');
    expect(() => rules.judge('https://10.2.0.1/')).toThrow();
    expect(() => rules.judge('http://10.1.2.3/')).toThrow();
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0/8', 'example.com/8', 'fd00::/129', ''])(
    'knows “%s” for no network',
    (network) => expect(() => readNetwork(network)).toThrow('is not a network'),
  );
});

describe('a name as it resolves', () => {
  it.each([
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fe80::1%eth0',
    'fd00::1',
    '10.0.0.8',
    '169.254.169.254',
    '100.64.1.1',
    '0.0.0.0',
    '239.1.1.1',
  ])('is refused before a connection is made, in a sandbox too: %s', async (address) => {
    const world = sendingWorld({ sandbox: true, resolve: resolvesTo(address) });
    const { status, problem } = await attempt(world, `https://hooks.example.com:${port}/x`);

    expect({ status, problem }).toMatchObject({
      status: 'dead',
      problem: expect.stringContaining('leads to a private or reserved address'),
    });
    expect(connections).toBe(0);
  });

  it('is refused when only one of its addresses is private', async () => {
    const world = sendingWorld({ resolve: resolvesTo('93.184.216.34', '127.0.0.1') });

    expect((await attempt(world, `https://hooks.example.com:${port}/x`)).status).toBe('dead');
    expect(connections).toBe(0);
  });

  it('is connected to where it was judged, whatever it resolves to a moment later', async () => {
    let asked = 0;
    const rebinding: Resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
    };
    const world = sendingWorld({ allow: ['127.0.0.0/8'], resolve: rebinding });
    await attempt(world, `https://hooks.example.com:${port}/x`);

    expect(asked).toBe(1);
    expect(connections).toBe(1);
  });

  it('is judged anew at every attempt', async () => {
    let asked = 0;
    const rebinding: Resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '127.1.1.1', family: 4 }];
    };
    const world = sendingWorld({ allow: ['127.0.0.1/32'], resolve: rebinding });
    expect((await attempt(world, `https://hooks.example.com:${port}/x`)).status).toBe('waiting');
    world.clock.advance(10_000);
    await world.outbox.drain();

    expect(asked).toBe(2);
    expect(connections).toBe(1);
    expect(await world.rows.count({ status: 'dead' })).toBe(1);
  });

  it('waits for its next attempt when it does not resolve', async () => {
    const world = sendingWorld({ resolve: () => Promise.reject(new Error('ENOTFOUND')) });

    expect(await attempt(world, 'https://hooks.example.com/x')).toMatchObject({ status: 'waiting' });
  });
});

describe('an answer', () => {
  it('that redirects is a failure, and is followed nowhere', async () => {
    const [from, to] = [await listen(), await listen('/secret')];
    open.push(from, to);
    from.answer = answering(307, { location: to.url });
    const world = sendingWorld();

    expect((await attempt(world, from.url)).status).toBe('waiting');
    expect(from.received).toHaveLength(1);
    expect(to.received).toHaveLength(0);
  });

  it('without an end is cut off', async () => {
    const endless = await listen();
    open.push(endless);
    endless.answer = (response) => {
      response.writeHead(500);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      };
      response.on('drain', more);
      more();
    };
    const world = sendingWorld();
    const { problem } = await attempt(world, endless.url);

    expect(problem?.length).toBeLessThan(300);
  });
});
