// A web server on a free port over the store in memory, with people of every role and a small browser.
import { type IncomingMessage, request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import session from 'express-session';
import { Registry } from 'prom-client';
import { apiTokens } from '../../models/api-token.ts';
import { codeGuesses } from '../../models/code-guess.ts';
import { identities as identityDefinition } from '../../models/identity.ts';
import { linkCodes } from '../../models/link-code.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { people as peopleDefinition } from '../../models/person.ts';
import { requestKeys } from '../../models/request-key.ts';
import { signIns } from '../../models/sign-in.ts';
import { signInLinks } from '../../models/sign-in-link.ts';
import type { Store } from '../../models/store.ts';
import type { Actor } from '../../src/core/actor.ts';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { createDispatcher } from '../../src/core/dispatcher.ts';
import { createIds } from '../../src/core/ids.ts';
import { createLogger } from '../../src/core/logger.ts';
import type { Operation } from '../../src/core/operation.ts';
import type { AuditEntry } from '../../src/core/outbox-item.ts';
import type { Role } from '../../src/core/permissions.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { createIdentities, type Identities } from '../../src/features/people/identities.ts';
import { peopleOperations } from '../../src/features/people/operations.ts';
import { createPeople, type People } from '../../src/features/people/service.ts';
import type { WebServerOptions } from '../../src/http/options.ts';
import { createWebServer, type WebServer } from '../../src/http/server.ts';
import { testCtx } from './context.ts';
import { type Ledger, webOperations } from './web-operations.ts';
import { webPages } from './web-pages.tsx';

interface Services {
  readonly people: People;
  readonly identities: Identities;
  readonly ledger: Ledger;
}

/** A clock that the test sets; sleeping is real, so that a wait in the server is one. */
export interface SetClock extends Clock {
  advance(durationMs: number): void;
}

export function setClock(start = '2026-11-02T09:30:00Z'): SetClock {
  let nowMs = Date.parse(start);
  return {
    now: () => new Date(nowMs),
    monotonicMs: systemClock.monotonicMs,
    sleep: systemClock.sleep,
    advance: (durationMs) => {
      nowMs += durationMs;
    },
  };
}

export interface WebWorld {
  readonly url: string;
  readonly server: WebServer;
  readonly people: People;
  readonly ledger: Ledger;
  readonly clock: SetClock;
  readonly logs: string[];
  readonly denials: AuditEntry[];
  readonly operations: readonly { readonly name: string }[];
  tokenOf(role: Role): Promise<string>;
  personOf(role: Role): Promise<{ readonly id: string; readonly code: string }>;
  close(): Promise<void>;
}

export const operator: Actor = { kind: 'cli', id: 'cli:tester', name: 'tester', role: 'owner' };

/**
 * @param change what differs from a loopback server without pages of other features.
 * @param operations the verbs, when others are wanted than those of this world and of people.
 * @param store where people and keys are kept: a second world over the same one is the server started again.
 */
export async function webWorld(
  change: Partial<WebServerOptions<Services>> = {},
  store: Store = createMemoryStore(),
  operations: readonly Operation<Services>[] = [...webOperations, ...peopleOperations],
): Promise<WebWorld> {
  const clock = setClock();
  const ids = createIds();
  const logs: string[] = [];
  const denials: AuditEntry[] = [];
  const ledger: Ledger = { done: new Map() };
  const logger = createLogger({
    level: 'info',
    sink: { write: (line) => logs.push(line) },
    scrub: createScrubber(),
  });
  const people = createPeople({
    people: store.facts(peopleDefinition),
    links: store.facts(signInLinks),
    tokens: store.facts(apiTokens),
    signIns: store.facts(signIns),
    secretKey: 'a secret key of thirty-two characters',
    publicUrl: () => 'http://127.0.0.1:3000',
    zone: 'Asia/Kolkata',
    clock,
    ids,
  });
  const identities = createIdentities({
    people: store.facts(peopleDefinition),
    identities: store.facts(identityDefinition),
    codes: store.facts(linkCodes),
    guesses: store.records(codeGuesses),
    secretKey: 'a secret key of thirty-two characters',
    zone: 'Asia/Kolkata',
  });
  const services: Services = { people, identities, ledger };
  const auditDirectly = async (_tenant: string, _at: Date, entry: AuditEntry): Promise<void> => {
    denials.push(entry);
  };
  const server = createWebServer<Services>({
    host: '127.0.0.1',
    port: 0,
    publicUrl: undefined,
    trustProxy: false,
    secretKey: 'a secret key of thirty-two characters',
    version: '1.2.3',
    environment: 'sandbox',
    zone: 'Asia/Kolkata',
    dispatcher: createDispatcher<Services>({ operations, services, auditDirectly }),
    requestKeys: store.records(requestKeys),
    sessionStore: new session.MemoryStore(),
    health: [],
    metrics: new Registry(),
    pages: webPages,
    auditDirectly,
    services,
    people,
    logger,
    clock,
    ids,
    ...change,
  });
  const { url } = await server.listen();
  const made = new Map<Role, Promise<{ id: string; code: string }>>();

  async function invite(role: Role): Promise<{ id: string; code: string }> {
    const ctx = testCtx({ actor: operator, door: 'cli', now: clock.now(), effectKey: ids.fresh('req') });
    const { person, link } = await people.invite(ctx, `The ${role} ${ids.secret(4)}`, role);
    return { id: person._id, code: link.url.split('/login/')[1] ?? '' };
  }

  return {
    url,
    server,
    people,
    ledger,
    clock,
    logs,
    denials,
    operations,
    personOf: (role) => invite(role),
    tokenOf: async (role) => {
      const person = made.get(role) ?? invite(role);
      made.set(role, person);
      const ctx = testCtx({ actor: operator, door: 'cli', now: clock.now(), effectKey: ids.fresh('req') });
      const { text } = await people.createToken(ctx, { user: (await person).id, days: 30 });
      return text;
    },
    close: () => server.close(),
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  json(): Record<string, unknown>;
}

export interface Asked {
  readonly method?: string;
  readonly token?: string;
  readonly json?: unknown;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request exactly as given: nothing is added, normalised or followed. */
export function ask(url: string, asked: Asked = {}): Promise<Answer> {
  const headers: Record<string, string> = { ...asked.headers };
  if (asked.token !== undefined) headers['authorization'] = `Bearer ${asked.token}`;
  if (asked.json !== undefined) headers['content-type'] ??= 'application/json';
  const body = asked.json === undefined ? asked.body : JSON.stringify(asked.json);
  if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body));
  const { hostname, port, origin } = new URL(url);
  const method = asked.method ?? (body === undefined ? 'GET' : 'POST');
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path: url.slice(origin.length), method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve(answerOf(response, Buffer.concat(parts))));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function answerOf(response: IncomingMessage, bytes: Buffer): Answer {
  const headers = new Headers();
  for (const [name, values] of Object.entries(response.headersDistinct))
    for (const value of values ?? []) headers.append(name, value);
  const text = (headers.get('content-encoding') === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
  return { status: response.statusCode ?? 0, headers, text, json: () => JSON.parse(text) };
}

/** Keeps cookies, sends forms, and follows nothing by itself. */
export class Browser {
  readonly #url: string;
  readonly cookies = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#kept(
      await ask(this.#url + path, { headers: { accept: 'text/html', ...this.#cookie(), ...headers } }),
    );
  }

  async post(
    path: string,
    form: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const type = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
    const body = new URLSearchParams(form).toString();
    const all = { ...type, ...this.#cookie(), ...headers };
    return this.#kept(await ask(this.#url + path, { method: 'POST', body, headers: all }));
  }

  /** The token of the page's forms. */
  async csrf(path = '/admin/echo'): Promise<string> {
    return /name="_csrf" value="([^"]+)"/.exec((await this.get(path)).text)?.[1] ?? '';
  }

  async signIn(code: string, form: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return await this.post(`/login/${code}`, form);
  }

  #cookie(): Record<string, string> {
    if (this.cookies.size === 0) return {};
    return { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  #kept(answer: Answer): Answer {
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      if (/expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }
}
