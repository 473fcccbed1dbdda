// The admin pages over a real web server and every real service, on the store in memory unless told, with people to look at them.

import session from 'express-session';
import { Registry } from 'prom-client';
import { createMemoryStore } from '../../models/memory-store.ts';
import { requestKeys } from '../../models/request-key.ts';
import type { Store } from '../../models/store.ts';
import { createApprovable } from '../../src/core/approvable.ts';
import { createDispatcher } from '../../src/core/dispatcher.ts';
import { createIds } from '../../src/core/ids.ts';
import { createLogger } from '../../src/core/logger.ts';
import type { Operation } from '../../src/core/operation.ts';
import type { AuditEntry } from '../../src/core/outbox-item.ts';
import type { Role } from '../../src/core/permissions.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { approvalOperations } from '../../src/features/approvals/operations.ts';
import { approvalPages } from '../../src/features/approvals/page.tsx';
import { experimentOperations } from '../../src/features/experiments/operations.ts';
import { experimentPages } from '../../src/features/experiments/page.tsx';
import { overviewPages } from '../../src/features/overview/page.tsx';
import { protocolOperations } from '../../src/features/protocol/operations.ts';
import { protocolPages } from '../../src/features/protocol/page.tsx';
import { taskOperations } from '../../src/features/tasks/operations.ts';
import { taskPages } from '../../src/features/tasks/page.tsx';
import { createWebServer } from '../../src/http/server.ts';
import { createServices } from '../../src/services.ts';
import type { Page } from '../../src/ui/page.ts';
import { asha, testCtx } from './context.ts';
import { deafAlerting } from './deaf-alerting.ts';
import { addMembers } from './members.ts';
import { ROOM } from './protocol-world.ts';
import { Browser, operator, setClock } from './web-world.ts';

type PageServices = ReturnType<typeof createServices>;

/** What a test may put in the place of a service, such as one that fails. */
type Instead = Partial<PageServices> & Readonly<Record<string, unknown>>;

export type PageWorld = Awaited<ReturnType<typeof pageWorld>>;

export const TWO_HOURS_MS = 2 * 3_600_000;

export async function pageWorld(instead: Instead = {}, store: Store = createMemoryStore()) {
  const clock = setClock();
  await addMembers(store, asha);
  const ids = createIds();
  const logs: string[] = [];
  const denials: AuditEntry[] = [];
  const logger = createLogger({
    level: 'info',
    sink: { write: (line) => logs.push(line) },
    scrub: createScrubber(),
  });
  const operations: readonly Operation<PageServices>[] = [
    ...experimentOperations,
    ...approvalOperations,
    ...protocolOperations,
    ...taskOperations,
  ];
  const real = createServices({
    store,
    clock,
    ids,
    logger,
    random: () => 0.5,
    worker: 'one',
    secretKey: 'a secret key of thirty-two characters',
    publicUrl: () => 'http://127.0.0.1:3000',
    zone: 'Asia/Kolkata',
    protocolEveryMs: TWO_HOURS_MS,
    rooms: [ROOM],
    givenRooms: () => [ROOM],
    switchHook: null,
    startWork: () => undefined,
    approvable: createApprovable(operations, () => services),
    alerting: deafAlerting,
  });
  const services: PageServices = { ...real, ...instead };
  const auditDirectly = async (_tenant: string, _at: Date, entry: AuditEntry): Promise<void> => {
    denials.push(entry);
  };
  const pages: readonly Page<PageServices>[] = [
    ...overviewPages,
    ...experimentPages,
    ...protocolPages,
    ...taskPages,
    ...approvalPages,
  ];
  const server = createWebServer<PageServices>({
    host: '127.0.0.1',
    port: 0,
    publicUrl: undefined,
    trustProxy: false,
    secretKey: 'a secret key of thirty-two characters',
    version: '1.2.3',
    environment: 'sandbox',
    zone: 'Asia/Kolkata',
    dispatcher: createDispatcher<PageServices>({
      ...{ operations, services, auditDirectly },
      desk: real.approvals.desk,
    }),
    requestKeys: store.records(requestKeys),
    sessionStore: new session.MemoryStore(),
    health: [],
    metrics: new Registry(),
    pages,
    auditDirectly,
    services,
    people: real.people,
    logger,
    clock,
    ids,
  });
  const { url } = await server.listen();
  const ctx = (given: Parameters<typeof testCtx>[0] = {}) => testCtx({ now: clock.now(), ...given });

  /** A person of this role, signed in. */
  async function signedIn(role: Role, name = `The ${role}`): Promise<Browser> {
    const inviting = ctx({ actor: operator, door: 'cli', effectKey: ids.fresh('req') });
    const { link } = await real.people.invite(inviting, `${name} ${ids.secret(4)}`, role);
    const browser = new Browser(url);
    await browser.signIn(link.url.split('/login/')[1] ?? '');
    return browser;
  }

  /** Imports exposures as the API would. */
  const importCsv = (experiment: string, content: string, control: string, max?: number) =>
    real.experiments.importFile(ctx(), {
      experiment,
      content,
      default: control,
      max,
      columns: {},
      costPaise: new Map(),
      valuePaise: undefined,
      dryRun: false,
      acceptGood: false,
    });

  /** One run on demand, worked to its end. */
  async function runProtocol() {
    const run = await real.protocol.start(ctx(), []);
    return real.protocol.finish('default', run._id, new AbortController().signal);
  }

  return {
    url,
    store,
    clock,
    logs,
    denials,
    services: real,
    ctx,
    signedIn,
    importCsv,
    runProtocol,
    close: () => server.close(),
  };
}

/** The forms of a page that go to this operation: their hidden fields, in the order of the page. */
export function formsTo(html: string, operation: string): Record<string, string>[] {
  const forms = html.match(/<form[\s\S]*?<\/form>/g) ?? [];
  return forms
    .filter((form) => form.includes(`action="/admin/operations/${operation}"`))
    .map((form) => {
      const inputs = form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
      return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value]));
    });
}

/** Presses the first form of a page that goes to this operation, as a browser without script does. */
export async function press(
  browser: Browser,
  path: string,
  operation: string,
  typed: Readonly<Record<string, string>> = {},
) {
  const [form] = formsTo((await browser.get(path)).text, operation);
  if (!form) throw new Error(`no form to ${operation} on ${path}`);
  const answer = await browser.post(`/admin/operations/${operation}`, { ...form, ...typed });
  return { status: answer.status, location: answer.headers.get('location') };
}

/** What a page says to a reader: its text without marks, spaces made one. */
export function wordsOn(html: string): string {
  const main = /<main[\s\S]*<\/main>/.exec(html)?.[0] ?? html;
  return main
    .replaceAll(/<svg[\s\S]*?<\/svg>/g, ' ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
}
