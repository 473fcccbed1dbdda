// The door's rule: what is proved and well-formed is stored once, by one durable write, before it is answered.
import type { WebhookEvent } from '../../../models/webhook-inbox.ts';
import { AppError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import type { Body } from '../../core/store.ts';
import { DEFAULT_TENANT } from '../../core/tenant.ts';
import type { Counts, Refusal } from './counts.ts';
import type { Endpoints, Target } from './endpoints.ts';
import type { WebhookParts } from './parts.ts';
import { shapeProblems } from './payload-problems.ts';
import { schemes } from './schemes/all.ts';
import { sha256Hex } from './schemes/digests.ts';
import { isForm } from './schemes/payload.ts';
import type { Delivery, SchemeAnswer, Verdict } from './schemes/scheme.ts';

const FORGET_AFTER_MS = 30 * 86_400_000;
/** Nothing longer is kept of an id that is only shown. */
const SENDER_ID_LENGTH = 256;

export interface Arrival extends Delivery {
  /** The name in the address. */
  readonly source: string;
  /** The id in the address, of a tenant's own endpoint. */
  readonly endpoint?: string | undefined;
  /** The JSON of a body. @throws AppError when it is none, or nested too deep. */
  readonly parse: (body: Buffer) => unknown;
}

export interface Receipt {
  /** The id in the inbox. */
  readonly id: string;
  readonly repeated: boolean;
  /** What the sender reads, where it wants more than our own JSON. */
  readonly answer?: SchemeAnswer;
}

export interface Receiver {
  /**
   * Judges a delivery and stores it. A repeat of what the sender signed is taken and changes nothing.
   * @throws AppError `webhook.refused` for whatever is not proved, without a reason; `input.not_json`,
   * `input.invalid` and, for our own clients, `webhook.shape`.
   */
  receive(arrival: Arrival): Promise<Receipt>;
  /** Counts what was refused before it could be judged. */
  refused(source: string, reason: Refusal): void;
  /** Stores a test event under an id of its own. */
  store(
    target: Target<never>,
    event: { readonly body: Buffer; readonly senderId: string | null; readonly testKey: string },
  ): Promise<Receipt>;
}

interface Proved<S> {
  readonly target: Target<S>;
  readonly verdict: Extract<Verdict, { authentic: true }>;
}

export function createReceiver<S>(
  parts: Pick<WebhookParts<S>, 'inbox' | 'sources' | 'clock' | 'nudge' | 'worker'>,
  endpoints: Endpoints<S>,
  counts: Counts,
): Receiver {
  const { inbox, clock, nudge } = parts;
  const known = new Set(parts.sources.map(({ name }) => name));

  async function receive(arrival: Arrival): Promise<Receipt> {
    const now = clock.now();
    const { target, verdict } = await judged(arrival, now);
    const scheme = schemes[target.scheme];
    judge(target, arrival, now);
    const shownId = scheme.idHeader === undefined ? undefined : arrival.headers[scheme.idHeader];
    const senderId = verdict.signedId ?? shownId ?? null;
    const digest = sha256Hex(arrival.body);
    // Only what is signed tells one event from another: an unsigned id would let anybody repeat or suppress one.
    const signed = verdict.signed === undefined ? digest : sha256Hex(verdict.signed);
    const identity = verdict.signedId === null ? ['body', signed] : ['id', verdict.signedId];
    const id = derivedId('whk', target.tenant, target.name, ...identity);
    const receipt = await insert(target, id, { body: arrival.body, digest, senderId, test: false });
    const outcome = receipt.repeated ? 'repeated' : 'accepted';
    counts.add({ tenant: target.tenant, source: target.name, outcome, at: now });
    const answer = isForm(target.scheme, arrival.body) ? scheme.formAnswer : undefined;
    return answer === undefined ? receipt : { ...receipt, answer };
  }

  /** Who sent it, proved. What is remembered may say yes; only what was just read may say no. @throws AppError */
  async function judged(arrival: Arrival, now: Date): Promise<Proved<S>> {
    const { source, endpoint } = arrival;
    const recent = endpoints.recent(source, endpoint, now);
    const quick = recent && schemes[recent.scheme].verify(arrival, recent.secrets, now);
    if (recent && quick?.authentic) return { target: recent, verdict: quick };
    const target = await endpoints.find(source, endpoint, now);
    if (!target) throw refusal(null, 'unknown', now);
    const verdict = schemes[target.scheme].verify(arrival, target.secrets, now);
    if (target.secrets.length === 0) throw refusal(target, 'no_secret', now);
    if (!verdict.authentic) throw refusal(target, verdict.reason, now);
    return { target, verdict };
  }

  /** @throws AppError for a body that is no JSON or, from our own clients, of a wrong shape. */
  function judge(target: Target<S>, { body, parse }: Arrival, now: Date): void {
    const { tenant, name: source } = target;
    const isJson = !isForm(target.scheme, body);
    const payload = isJson ? counted(target, 'not_json', now, () => parse(body)) : null;
    if (target.source.checkedAt !== 'door') return;
    const problems = shapeProblems(target.source.payload, payload);
    if (problems.length === 0) return;
    counts.add({ tenant, source, outcome: 'shape', at: now });
    const lines = problems.map(({ field, problem }) => `${field}: ${problem}`);
    const example = JSON.stringify(target.source.sample('example-1', now));
    throw new AppError('webhook.shape', [...lines, `This works: ${example}`].join('\n'), {
      fields: problems,
    });
  }

  function counted<T>(target: Target<S>, outcome: Refusal, at: Date, work: () => T): T {
    try {
      return work();
    } catch (error) {
      counts.add({ tenant: target.tenant, source: target.name, outcome, at });
      throw error;
    }
  }

  async function insert(
    target: Pick<Target<S>, 'tenant' | 'name' | 'scheme'>,
    id: string,
    event: { body: Buffer; digest: string; senderId: string | null; test: boolean },
  ): Promise<Receipt> {
    const at = clock.now();
    const row: Body<WebhookEvent> = {
      source: target.name,
      scheme: target.scheme,
      senderId: event.senderId?.slice(0, SENDER_ID_LENGTH) ?? null,
      test: event.test,
      body: event.body.toString('utf8'),
      bytes: event.body.length,
      digest: event.digest,
      status: 'received',
      attempts: 0,
      nextAt: at,
      worker: null,
      note: null,
      problem: null,
      doneAt: null,
      diedAt: null,
      replayKey: null,
      forgetAt: new Date(at.getTime() + FORGET_AFTER_MS),
    };
    const history = { effectKey: id, at, by: `webhook:${target.name}`, operation: 'webhook.receive' };
    const { inserted } = await inbox.scoped(target.tenant).insertOnce(id, row, { history, items: [] });
    if (inserted) nudge();
    return { id, repeated: !inserted };
  }

  function refusal(target: Target<S> | null, outcome: Refusal, at: Date): AppError {
    const { tenant, name: source } = target ?? { tenant: DEFAULT_TENANT, name: 'unknown' };
    counts.add({ tenant, source, outcome, at });
    return new AppError('webhook.refused', 'This delivery is not taken.', {
      internal: `${source}: ${outcome}`,
    });
  }

  return {
    receive,
    refused: (source, outcome) =>
      counts.add({
        tenant: DEFAULT_TENANT,
        source: known.has(source) ? source : 'unknown',
        outcome,
        at: clock.now(),
      }),
    store: (target, { body, senderId, testKey }) =>
      insert(target, derivedId('whk', target.tenant, target.name, 'test', testKey), {
        digest: sha256Hex(body),
        test: true,
        senderId,
        body,
      }),
  };
}
