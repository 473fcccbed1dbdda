// Alerts over a store in memory, with the real outbox and a chat that can be down: a world under the test's clock.

import { plainText } from '../../bots/console/render.ts';
import { alerts as alertDefinition } from '../../models/alert.ts';
import { alertGroups } from '../../models/alert-group.ts';
import { alertPolicies } from '../../models/alert-policy.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import type { Store } from '../../models/store.ts';
import type { AlertFacts } from '../../src/core/alerting.ts';
import type { Channel } from '../../src/core/channel.ts';
import type { Ctx } from '../../src/core/context.ts';
import { AppError } from '../../src/core/errors.ts';
import { createLogger } from '../../src/core/logger.ts';
import type { Place } from '../../src/core/outbox-item.ts';
import type { Reply } from '../../src/core/reply.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import type { Callee } from '../../src/features/alerts/parts.ts';
import { createAlerts } from '../../src/features/alerts/service.ts';
import { createOutbox } from '../../src/outbox/outbox.ts';
import { TestClock, testCtx } from './context.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** What somebody sees in a room: the newest text of each message, and how often it was edited. */
export interface Seen {
  readonly id: string;
  readonly address: string;
  text: string;
  edits: number;
  readonly under: string | null;
  readonly card: boolean;
}

export function alertWorld(store: Store = createMemoryStore(), callees: readonly Callee[] = []) {
  const clock = new TestClock('2026-11-02T04:00:00Z');
  const seen = new Map<string, Seen>();
  const chat = { down: false };
  const events: string[] = [];
  const failWhenDown = (): void => {
    if (chat.down) throw new AppError('remote.unavailable', 'The chat is down.', { neverArrived: true });
  };
  const channel: Channel = {
    scheme: 'chat',
    paceMs: 1_000,
    retryDelaysMs: Array.from({ length: 500 }, () => 10_000),
    send: async ({ id, address, body, under }) => {
      failWhenDown();
      if (body.kind !== 'reply') throw new Error(`no ${body.kind} is sent here`);
      seen.set(id, {
        id,
        address,
        text: plainText(body.reply),
        edits: 0,
        under: underOf(body.place, under),
        card: false,
      });
      return { messageId: id };
    },
    showCard: async ({ address, key }, reply: Reply, messageId) => {
      failWhenDown();
      const id = messageId ?? `${address}/${key}`;
      const known = seen.get(id);
      const text = plainText(reply);
      if (known) Object.assign(known, { text, edits: known.edits + 1 });
      else seen.set(id, { id, address, text, edits: 0, under: null, card: true });
      return { messageId: id };
    },
  };
  const outbox = createOutbox({
    store,
    facts: [store.facts(alertGroups), store.facts(alertPolicies)],
    audit: { insertRows: async () => undefined },
    subscribers: async (_tenant, event) => {
      events.push(event.type);
      return [];
    },
    channels: [channel],
    clock,
    random: () => 0.5,
    logger: createLogger({ level: 'silent', sink: { write: () => undefined }, scrub: createScrubber() }),
    worker: 'one',
  });
  const alerts = createAlerts(
    {
      alerts: store.records(alertDefinition),
      groups: store.facts(alertGroups),
      policies: store.facts(alertPolicies),
      rooms: ['chat:ops'],
      targets: [],
      zone: 'Asia/Kolkata',
      callees: async () => callees,
      publicUrl: () => 'https://ops.example.com',
      clock,
    },
    () => undefined,
  );
  let raised = 0;

  /** Lets time pass in steps, with everything at work as it would be. */
  async function pass(durationMs: number, stepMs = 10_000): Promise<void> {
    for (let left = durationMs; left > 0; left -= stepMs) {
      clock.advance(Math.min(left, stepMs));
      await settle();
    }
  }

  async function settle(): Promise<void> {
    await alerts.drain();
    await outbox.drain();
  }

  return {
    store,
    clock,
    chat,
    alerts,
    outbox,
    events,
    pass,
    settle,
    ctx: (given: Partial<Ctx> = {}) => testCtx({ now: clock.now(), ...given }),
    raise: (facts: Partial<AlertFacts> = {}, effectKey?: string) => {
      raised += 1;
      const alert = {
        fingerprint: 'job.failed:nightly',
        group: 'job.failed',
        title: 'The job nightly failed',
      };
      const manner = { severity: 'warning', source: 'jobs' } as const;
      return alerts.alerting.raise(
        'default',
        { ...alert, ...manner, ...facts },
        effectKey ?? `effect ${raised}`,
      );
    },
    resolve: (fingerprint = 'job.failed:nightly') =>
      alerts.alerting.resolve('default', fingerprint, 'The next beat went well.'),
    /** The messages of a room, the oldest first. */
    room: (address = 'ops') => [...seen.values()].filter((message) => message.address === address),
    rows: () => store.records(alertDefinition).scoped('default').count({}),
  };
}

const underOf = (place: Place | undefined, under: string | undefined): string | null =>
  place?.underCard === undefined ? null : (under ?? 'a card that is not there');
