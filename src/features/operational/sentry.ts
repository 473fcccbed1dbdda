// What Sentry tells of an issue, as an incident. Source: docs.sentry.io, integration platform, “Issues” webhooks.
import { z } from 'zod';
import { sourcesOf } from '../../core/webhook-source.ts';
import { address, instant, name } from './payload.ts';
import type { Operational } from './service.ts';

const statusOf = {
  created: 'open',
  assigned: 'open',
  unresolved: 'open',
  resolved: 'resolved',
  archived: 'ignored',
  ignored: 'ignored',
} as const;

/** Which state wins within one instant: an issue's own time does not move when a person closes it. */
const rankOf = { created: 0, assigned: 1, unresolved: 2, resolved: 2, archived: 2, ignored: 2 } as const;

const id = z.union([z.string().min(1).max(100), z.int().nonnegative()]).transform(String);

/** Only the issue is read: everything else that Sentry sends is left alone. */
const issueEvent = z.object({
  action: z.enum(['created', 'assigned', 'unresolved', 'resolved', 'archived', 'ignored']),
  data: z.object({
    issue: z.object({
      id,
      title: name,
      level: z.string().max(40).default('error'),
      lastSeen: instant,
      web_url: address.nullish(),
      permalink: address.nullish(),
      project: z.object({ slug: z.string().max(200) }).nullish(),
    }),
  }),
});

export const sentrySource = sourcesOf<{ readonly operational: Operational }>()({
  name: 'sentry',
  summary: 'Issues of Sentry, kept as incidents',
  scheme: 'sentry',
  secretVariable: 'SENTRY_CLIENT_SECRET',
  checkedAt: 'worker',
  payload: issueEvent,
  sample: (sampleId, at) => ({
    action: 'created',
    data: { issue: { id: sampleId, title: 'A test issue', level: 'info', lastSeen: at.toISOString() } },
  }),
  handle: async ({ services, ...ctx }, { action, data: { issue } }, event) => {
    const outcome = await services.operational.record(ctx, {
      kind: 'incident',
      source: event.source,
      externalId: issue.id,
      title: issue.title,
      status: statusOf[action],
      level: issue.level,
      environment: issue.project?.slug ?? '',
      url: issue.web_url ?? issue.permalink ?? null,
      happenedAt: issue.lastSeen,
      rank: rankOf[action],
      receivedAt: event.receivedAt,
    });
    return `incident ${issue.id} ${statusOf[action]}: ${outcome}`;
  },
});
