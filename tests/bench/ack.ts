// How soon a chat platform is answered: signed requests at a steady 200 a second to the real server, all the work done.
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { bodyOf, signatureOf } from '../support/fakes/slack/app-door.ts';
import { startSlackFake } from '../support/fakes/slack/fake.ts';
import { removeFolder, startProgram, temporaryFolder } from '../support/program.ts';
import { type Figure, printFigure, rounded } from './figures.ts';

const LIMIT_MS = 50;
/** So many channels take the answers: each takes one a second. */
const CHANNELS = 100;

export interface AckOptions {
  readonly seconds?: number;
  readonly perSecond?: number;
  readonly print?: (figure: Figure) => void;
}

interface Sent {
  readonly ms: number;
  readonly status: number;
}

/** Whether the 99th percentile held. */
export async function run({
  seconds = 10,
  perSecond = 200,
  print = printFigure,
}: AckOptions = {}): Promise<boolean> {
  const fake = await startSlackFake();
  const folder = temporaryFolder();
  const program = await startProgram({
    ...{ DATA_DIR: folder, LOG_LEVEL: 'warn', SLACK_BOT_TOKEN: fake.tokens.bot },
    ...{ SLACK_SIGNING_SECRET: fake.signingSecret, SLACK_API_URL: fake.apiUrl },
  });
  try {
    const post = poster(`${program.url}/slack/events`, fake.signingSecret);
    const users = Array.from({ length: CHANNELS }, (_, n) => fake.workspace.addUser(`Person ${n}`));
    const bodies = users.map((user) => formsOf(user.id, fake.workspace.directChannel(user).id));
    await atPace(perSecond / 2, 200, (n) => post(bodies[n % CHANNELS]?.(`warm ${n}`) ?? ''));
    const sent = await atPace(perSecond, seconds * perSecond, (n) =>
      post(bodies[n % CHANNELS]?.(`${n}`) ?? ''),
    );
    const refused = sent.filter(({ status }) => status !== 200).length;
    if (refused > 0) throw new Error(`${refused} of ${sent.length} requests were not answered 200`);
    const ms = sent.map((one) => one.ms).sort((a, b) => a - b);
    const at = (share: number): number => ms[Math.min(Math.floor(ms.length * share), ms.length - 1)] ?? 0;
    const against = `the limit of ${LIMIT_MS} ms, at ${perSecond} signed requests a second`;
    for (const [name, share] of [
      ['p50', 0.5],
      ['p99', 0.99],
      ['longest', 1],
    ] as const) {
      const value = rounded(at(share));
      print({
        ...{ bench: 'ack', metric: `${name} until Slack is acknowledged`, value, unit: 'ms', against },
        ratio: rounded(value / LIMIT_MS),
      });
    }
    return at(0.99) < LIMIT_MS;
  } finally {
    await program.stop();
    await fake.close();
    removeFolder(folder);
  }
}

/** Slash commands of one person, each with a trigger of its own. */
function formsOf(user: string, channel: string) {
  return (trigger: string): string =>
    bodyOf({
      kind: 'command',
      payload: {
        ...{ command: '/ops', text: 'help', user_id: user, team_id: 'T0WARDROOM', channel_id: channel },
        trigger_id: `${user}.${trigger}`,
      },
    }).body;
}

function poster(url: string, secret: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return (body: string): Promise<Sent> =>
    new Promise((resolve, reject) => {
      const seconds = Math.floor(Date.now() / 1_000);
      const headers = {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': Buffer.byteLength(body),
        'X-Slack-Request-Timestamp': String(seconds),
        'X-Slack-Signature': signatureOf(secret, seconds, body),
      };
      const startedMs = performance.now();
      const sending = request(url, { method: 'POST', agent, headers }, (response) => {
        response.resume();
        response.once('end', () =>
          resolve({ ms: performance.now() - startedMs, status: response.statusCode ?? 0 }),
        );
      });
      sending.once('error', reject);
      sending.end(body);
    });
}

/** Begins one every so often, whether the last was answered or not: a slow server gets no easier time. */
async function atPace(perSecond: number, count: number, send: (n: number) => Promise<Sent>): Promise<Sent[]> {
  const startedMs = performance.now();
  const sent: Promise<Sent>[] = [];
  for (let n = 0; n < count; n += 1) {
    const waitMs = startedMs + (n * 1_000) / perSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    sent.push(send(n));
  }
  return Promise.all(sent);
}
