// The pages and verbs of metrics over a real web server, with people who look at them and facts that came in.
import session from 'express-session';
import { Registry } from 'prom-client';
import { apiTokens } from '../../models/api-token.ts';
import { people as peopleDefinition } from '../../models/person.ts';
import { requestKeys } from '../../models/request-key.ts';
import { signIns } from '../../models/sign-in.ts';
import { signInLinks } from '../../models/sign-in-link.ts';
import type { Store } from '../../models/store.ts';
import { createDispatcher } from '../../src/core/dispatcher.ts';
import { createIds } from '../../src/core/ids.ts';
import { createLogger } from '../../src/core/logger.ts';
import type { AuditEntry } from '../../src/core/outbox-item.ts';
import type { Role } from '../../src/core/permissions.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { metricOperations } from '../../src/features/metrics/operations.ts';
import { type MetricPageNeeds, metricPages } from '../../src/features/metrics/page.tsx';
import { createPeople } from '../../src/features/people/service.ts';
import { createWebServer } from '../../src/http/server.ts';
import { testCtx } from './context.ts';
import { metricWorld } from './metric-world.ts';
import { Browser, operator, setClock } from './web-world.ts';

export type MetricWeb = Awaited<ReturnType<typeof metricWeb>>;

const SECRET = 'a secret key of thirty-two characters';

export async function metricWeb(
  given: {
    readonly store?: Store;
    readonly clock?: ReturnType<typeof setClock>;
    readonly instead?: Partial<MetricPageNeeds>;
  } = {},
) {
  const clock = given.clock ?? setClock();
  const world = metricWorld({
    clock,
    environment: 'sandbox',
    ...(given.store ? { store: given.store } : {}),
  });
  const ids = createIds();
  const logs: string[] = [];
  const audited: AuditEntry[] = [];
  const logger = createLogger({
    level: 'info',
    sink: { write: (line) => logs.push(line) },
    scrub: createScrubber(),
  });
  const people = createPeople({
    people: world.store.facts(peopleDefinition),
    links: world.store.facts(signInLinks),
    tokens: world.store.facts(apiTokens),
    signIns: world.store.facts(signIns),
    secretKey: SECRET,
    publicUrl: () => 'http://127.0.0.1:3000',
    zone: 'Asia/Kolkata',
    clock,
    ids,
  });
  const services: MetricPageNeeds = { metrics: world.metrics, logger, ...given.instead };
  const auditDirectly = async (_tenant: string, _at: Date, entry: AuditEntry): Promise<void> => {
    audited.push(entry);
  };
  const server = createWebServer<MetricPageNeeds>({
    host: '127.0.0.1',
    port: 0,
    publicUrl: undefined,
    trustProxy: false,
    secretKey: SECRET,
    version: '1.2.3',
    environment: 'sandbox',
    zone: 'Asia/Kolkata',
    dispatcher: createDispatcher<MetricPageNeeds>({ operations: metricOperations, services, auditDirectly }),
    requestKeys: world.store.records(requestKeys),
    sessionStore: new session.MemoryStore(),
    health: [],
    metrics: new Registry(),
    pages: metricPages,
    auditDirectly,
    services,
    people,
    logger,
    clock,
    ids,
  });
  const { url } = await server.listen();

  const inviting = () =>
    testCtx({ actor: operator, door: 'cli', now: clock.now(), effectKey: ids.fresh('req') });

  /** A person of this role, signed in. */
  async function signedIn(role: Role): Promise<Browser> {
    const { link } = await people.invite(inviting(), `The ${role} ${ids.secret(4)}`, role);
    const browser = new Browser(url);
    await browser.signIn(link.url.split('/login/')[1] ?? '');
    return browser;
  }

  async function tokenOf(role: Role): Promise<string> {
    const { person } = await people.invite(inviting(), `The ${role} ${ids.secret(4)}`, role);
    return (await people.createToken(inviting(), { user: person._id, days: 30 })).text;
  }

  return { ...world, url, clock, logs, audited, signedIn, tokenOf, close: () => server.close() };
}
