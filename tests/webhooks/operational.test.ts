// Incidents and deploys end in the same state whatever the order and number in which they are told.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import type { FactDoor } from '../../src/core/ingestion.ts';
import type { WebhookSource } from '../../src/core/webhook-source.ts';
import { eventSources } from '../../src/event-sources.ts';
import { githubSource } from '../../src/features/operational/github.ts';
import { sentrySource } from '../../src/features/operational/sentry.ts';
import { createOperational, type Operational } from '../../src/features/operational/service.ts';
import { testCtx } from '../support/context.ts';
import { ingestionWorld } from '../support/ingestion-world.ts';

interface Told {
  readonly source: WebhookSource<{ readonly operational: Operational; readonly ingestion: FactDoor }>;
  readonly payload: unknown;
  readonly id: string;
  readonly receivedAt: Date;
}

async function tell(events: readonly Told[]) {
  const { ingestion, stores } = ingestionWorld(createMemoryStore());
  const operational = createOperational({ ingestion, facts: stores.facts });
  const notes: string[] = [];
  for (const { source, payload, id, receivedAt } of events) {
    const ctx = testCtx({ effectKey: id, door: 'webhook' });
    const event = { id, source: source.name, receivedAt };
    notes.push(await source.execute({ ...ctx, services: { operational, ingestion } }, payload, event));
  }
  const told = await stores.facts.scoped('default').count({});
  return { facts: await operational.list(testCtx(), 10), told, notes };
}

const n8nSource = sourceNamed('n8n');

function sourceNamed(name: string) {
  const found = eventSources.find((source) => source.name === name);
  if (!found) throw new Error(`there is no source ${name}`);
  return found;
}

const minute = (n: number): string => new Date(Date.UTC(2026, 10, 2, 9, n)).toISOString();
const later = (n: number): Date => new Date(Date.UTC(2026, 10, 2, 10, n));

const sentry = (n: number, action: string, lastSeen: number): Told => ({
  source: sentrySource,
  id: `s${n}`,
  receivedAt: later(n),
  payload: { action, data: { issue: { id: 77, title: 'Boom', lastSeen: minute(lastSeen) } } },
});

const deployment = {
  id: 5,
  sha: 'a1b2c3d4e5',
  ref: 'main',
  environment: 'production',
  created_at: minute(0),
};
const repository = { full_name: 'house/app', html_url: 'https://github.example/house/app' };
const github = (n: number, state?: string): Told => ({
  source: githubSource,
  id: `g${n}`,
  receivedAt: later(n),
  payload:
    state === undefined
      ? { action: 'created', deployment, repository }
      : { deployment, repository, deployment_status: { state, created_at: minute(n), target_url: '' } },
});

const own = (n: number, type: string, at: number): Told => ({
  source: n8nSource,
  id: `e${n}`,
  receivedAt: later(n),
  payload: { type, at: minute(at), data: { key: 'k', title: 'T' } },
});

const stories: Readonly<Record<string, { readonly events: readonly Told[]; readonly ends: string }>> = {
  'an issue that came back': {
    events: [sentry(1, 'created', 1), sentry(2, 'resolved', 1), sentry(3, 'unresolved', 9)],
    ends: 'open',
  },
  'an issue that was resolved': {
    events: [sentry(1, 'created', 1), sentry(2, 'assigned', 1), sentry(3, 'resolved', 1)],
    ends: 'resolved',
  },
  'a deploy': {
    events: [github(1), github(2, 'queued'), github(3, 'in_progress'), github(4, 'success')],
    ends: 'succeeded',
  },
  'a deploy that failed': {
    events: [github(1), github(2, 'in_progress'), github(3, 'error')],
    ends: 'failed',
  },
  'events of one instant': {
    events: [own(1, 'deploy.started', 5), own(2, 'deploy.succeeded', 5)],
    ends: 'succeeded',
  },
  'an incident': { events: [own(1, 'incident.opened', 1), own(2, 'incident.resolved', 2)], ends: 'resolved' },
};

describe.each(Object.entries(stories))('%s', (_, { events, ends }) => {
  it(`is ${ends} in the end, in whatever order and however often it is told`, async () => {
    const [inOrder] = (await tell(events)).facts;
    expect(inOrder?.status).toBe(ends);

    const told = fc.shuffledSubarray([...events, ...events, ...events], { minLength: events.length });
    await fc.assert(
      fc.asyncProperty(told, async (shuffled) => {
        const whole = [...shuffled, ...events.filter((event) => !shuffled.includes(event))];
        const { facts, told: written } = await tell(whole);
        expect(facts).toEqual([inOrder]);
        expect(written).toBeLessThanOrEqual(events.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what a source tells', () => {
  it('keeps apart what other sources tell under the same id', async () => {
    const { facts } = await tell([own(1, 'incident.opened', 1), { ...sentry(2, 'created', 1), id: 'k' }]);

    expect(facts.map(({ source }) => source).sort()).toEqual(['n8n', 'sentry']);
  });

  it('says what it did, and answers a ping with nothing', async () => {
    const ping: Told = {
      source: githubSource,
      id: 'p',
      receivedAt: later(0),
      payload: { zen: 'x', hook_id: 1 },
    };
    const { notes, facts } = await tell([
      ping,
      github(2, 'success'),
      github(1, 'queued'),
      github(2, 'success'),
    ]);

    expect(notes).toEqual([
      'a ping: nothing to do',
      'deploy 5 succeeded: new',
      'deploy 5 waiting: older',
      'deploy 5 succeeded: new',
    ]);
    expect(facts).toMatchObject([
      { url: 'https://github.example/house/app', title: 'house/app main (a1b2c3d)' },
    ]);
  });

  it('may hold no address that a page must not link to', () => {
    for (const web_url of ['javascript:alert(1)', 'data:text/html,x', 'no address']) {
      const issue = { id: '1', title: 'x', lastSeen: minute(1), web_url };
      expect(sentrySource.payload.safeParse({ action: 'created', data: { issue } }).success).toBe(false);
    }
  });

  it.each([n8nSource, githubSource, sentrySource])('is shown by an example that fits: $name', (source) => {
    expect(source.payload.safeParse(source.sample('x-1', later(0))).success).toBe(true);
  });
});
