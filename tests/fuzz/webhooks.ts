// Throws broken and forged deliveries at every verifier, at the door's rule and at the real door, and counts what gives.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createMemoryStore } from '../../models/memory-store.ts';
import { webhookInbox } from '../../models/webhook-inbox.ts';
import { AppError } from '../../src/core/errors.ts';
import { schemes } from '../../src/features/webhooks/schemes/all.ts';
import type { Delivery } from '../../src/features/webhooks/schemes/scheme.ts';
import { statusOf } from '../../src/http/problem.ts';
import { rateLimits } from '../../src/http/rate-limits.ts';
import { type Chance, chanceOf } from '../simulation/virtual-time.ts';
import { testCtx } from '../support/context.ts';
import { type Fixture, fixtures, signedAt } from '../webhooks/signed-fixtures.ts';
import { type WebhookWorld, webhookWorld } from '../webhooks/webhook-world.ts';

export interface FuzzResult {
  readonly cases: number;
  readonly posts: number;
  readonly crashes: number;
  readonly serverErrors: number;
  readonly accepted: number;
  /** Growth of resident memory since the 10,000th case; 0 when there were no more than that. */
  readonly growthMb: number;
  /** What went wrong, each with the case that replays it. */
  readonly failures: readonly string[];
}

const WARM_UP = 10_000;
const POST_EVERY = 50;
const PORTIONS = 1_000;
/** Growth shall be what is held, not what the collector has not come to yet. */
const COLLECT_EVERY = 5_000;
const MIB = 1_048_576;

const sourceOf = (fixture: Fixture): string => `fuzz-${fixtures.indexOf(fixture)}`;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** @param from the first case: `from` and one case replay a failure. */
export async function fuzzWebhooks(options: {
  readonly cases: number;
  readonly from?: number;
}): Promise<FuzzResult> {
  const { cases, from = 1 } = options;
  const world = await fuzzWorld();
  const counts = { posts: 0, crashes: 0, serverErrors: 0, accepted: 0 };
  const failures: string[] = [];
  let warmBytes = 0;

  async function one(number: number): Promise<void> {
    const chance = chanceOf(number);
    const fixture = chance.pick(fixtures);
    const delivery = brokenDelivery(fixture, chance);
    const note = (kind: 'crashes' | 'serverErrors' | 'accepted', what: unknown): void => {
      counts[kind] += 1;
      if (failures.length < 20) failures.push(`${kind} by ${fixture.name}, case ${number}: ${String(what)}`);
    };
    try {
      if (schemes[fixture.scheme].verify(delivery, [fixture.secret], signedAt).authentic)
        note('accepted', 'the verifier');
    } catch (error) {
      note('crashes', error);
    }
    const status = await throughTheRule(world, fixture, delivery);
    if (status >= 500) note('serverErrors', status);
    if (status < 300) note('accepted', 'the rule');
    if (number % POST_EVERY !== 0) return;
    counts.posts += 1;
    const posted = await throughTheDoor(world, fixture, delivery);
    if (posted >= 500) note('serverErrors', `${posted} over HTTP`);
    if (posted < 300) note('accepted', 'the door');
  }

  for (let done = 0; done < cases; done += 1) {
    await one(from + done);
    if (done % PORTIONS === 0) await new Promise((resolve) => setImmediate(resolve));
    if ((done + 1) % COLLECT_EVERY === 0) collect();
    if (done + 1 === WARM_UP) warmBytes = process.memoryUsage.rss();
  }
  collect();
  const growthBytes = cases > WARM_UP ? process.memoryUsage.rss() - warmBytes : 0;
  const rows = await world.store.facts(webhookInbox).scoped('default').count({});
  if (rows > 0) failures.push(`${rows} rows were left in the inbox`);
  await world.close();
  return { cases, ...counts, growthMb: Math.round((growthBytes / MIB) * 10) / 10, failures };
}

async function fuzzWorld(): Promise<WebhookWorld> {
  const roomy = { limit: 1_000_000_000, windowMs: 60_000 };
  const limits = { ...rateLimits, address: roomy, webhook: roomy };
  const world = await webhookWorld({ store: createMemoryStore(), rateLimits: limits, quiet: true });
  for (const fixture of fixtures) {
    const { scheme, secret } = fixture;
    await world.webhooks.add(testCtx(), { name: sourceOf(fixture), scheme, secret });
  }
  return world;
}

/** The status that the door would answer. */
async function throughTheRule(world: WebhookWorld, fixture: Fixture, delivery: Delivery): Promise<number> {
  const parse = (body: Buffer): unknown => JSON.parse(body.toString('utf8'));
  try {
    await world.webhooks.receive({ ...delivery, source: sourceOf(fixture), parse });
    return 202;
  } catch (error) {
    return error instanceof AppError ? statusOf(error) : 500;
  }
}

async function throughTheDoor(world: WebhookWorld, fixture: Fixture, delivery: Delivery): Promise<number> {
  const headers = Object.fromEntries(
    Object.entries(delivery.headers).map(([name, value]) => [
      name,
      (value ?? '').replaceAll(/[^\x20-\x7e\x80-\xff]/g, '?').slice(0, 2_000),
    ]),
  );
  const { status } = await world.post(`/webhooks/${sourceOf(fixture)}`, delivery.body, headers);
  return status;
}

/** A delivery of that sender with something of what is signed, or the signature, no longer what it was. */
function brokenDelivery(fixture: Fixture, chance: Chance): Delivery {
  const { delivery, signedHeaders, signsBody } = fixture;
  const name = chance.pick(signedHeaders);
  const original = delivery.headers[name] ?? '';
  const withHeader = (value: string | undefined): Delivery => ({
    ...delivery,
    headers: { ...delivery.headers, [name]: value },
  });
  if (signsBody && chance.happens(0.3)) {
    const body = chance.happens(0.5) ? junk(chance) : damaged(delivery.body, chance);
    if (!body.equals(delivery.body)) return { ...delivery, body };
  }
  if (chance.happens(0.1)) return withHeader(undefined);
  if (chance.happens(0.3)) return { ...withHeader(junk(chance).toString('latin1')), body: junk(chance) };
  const value = damaged(Buffer.from(original, 'latin1'), chance).toString('latin1');
  return withHeader(value === original ? `${original.slice(0, -1)}\u0000` : value);
}

/** Some bytes replaced or cut away; nothing is added, for more signatures beside a good one are no forgery. */
function damaged(bytes: Buffer, chance: Chance): Buffer {
  if (bytes.length === 0) return Buffer.from([chance.between(0, 255)]);
  if (chance.happens(0.3)) return Buffer.from(bytes.subarray(0, chance.between(0, bytes.length - 1)));
  const copy = Buffer.from(bytes);
  for (let n = chance.between(1, 4); n > 0; n -= 1)
    copy[chance.between(0, copy.length - 1)] = chance.between(0, 255);
  return copy;
}

const pieces = ['{', '[', '"', ':', ',', 'null', '1e999', '\\ud800', '\u0000', 't=', 'v1=', 'v1,', '.', '='];

function junk(chance: Chance): Buffer {
  const length = chance.happens(0.02) ? chance.between(1_000, 20_000) : chance.between(0, 120);
  if (chance.happens(0.5)) {
    const bytes = Buffer.alloc(length);
    for (let n = 0; n < length; n += 1) bytes[n] = chance.between(0, 255);
    return bytes;
  }
  return Buffer.from(Array.from({ length: Math.ceil(length / 3) }, () => chance.pick(pieces)).join(''));
}
