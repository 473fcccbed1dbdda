// What GitHub tells of a deployment, as a deploy. Source: docs.github.com/webhooks, deployment and deployment_status.
import { z } from 'zod';
import { sourcesOf } from '../../core/webhook-source.ts';
import { address, instant } from './payload.ts';
import type { Operational } from './service.ts';

const statusOf = {
  queued: 'waiting',
  pending: 'waiting',
  waiting: 'waiting',
  in_progress: 'running',
  success: 'succeeded',
  failure: 'failed',
  error: 'failed',
  inactive: 'replaced',
} as const;

const ranks = ['waiting', 'running', 'failed', 'succeeded', 'replaced'];

const deployment = z.object({
  id: z.int().positive(),
  sha: z.string().max(64),
  ref: z.string().max(300),
  environment: z.string().max(200),
  created_at: instant,
});

const repository = z.object({ full_name: z.string().max(300), html_url: address.nullish() });

/** The name of the event stands in a header that is not signed: the body alone says what it is. */
const payload = z.union([
  z.object({
    deployment,
    repository,
    deployment_status: z.object({
      state: z.enum([
        'queued',
        'pending',
        'waiting',
        'in_progress',
        'success',
        'failure',
        'error',
        'inactive',
      ]),
      created_at: instant,
      target_url: z.union([address, z.literal('')]).nullish(),
    }),
  }),
  z.object({
    deployment,
    repository,
    action: z.literal('created'),
    deployment_status: z.undefined().optional(),
  }),
  z.object({ zen: z.string(), hook_id: z.int() }),
]);

export const githubSource = sourcesOf<{ readonly operational: Operational }>()({
  name: 'github',
  summary: 'Deployments of GitHub, kept as deploys',
  scheme: 'github',
  secretVariable: 'GITHUB_WEBHOOK_SECRET',
  checkedAt: 'worker',
  payload,
  sample: (id) => ({ zen: `A test event, ${id}`, hook_id: 1 }),
  handle: async ({ services, ...ctx }, told, event) => {
    if ('zen' in told) return 'a ping: nothing to do';
    const { deployment: deploy, repository: repo, deployment_status: state } = told;
    const status = state ? statusOf[state.state] : 'waiting';
    const outcome = await services.operational.record(ctx, {
      kind: 'deploy',
      source: event.source,
      externalId: String(deploy.id),
      title: `${repo.full_name} ${deploy.ref} (${deploy.sha.slice(0, 7)})`,
      status,
      level: status === 'failed' ? 'error' : 'info',
      environment: deploy.environment,
      url: state?.target_url || repo.html_url || null,
      happenedAt: state?.created_at ?? deploy.created_at,
      rank: ranks.indexOf(status),
      receivedAt: event.receivedAt,
    });
    return `deploy ${deploy.id} ${status}: ${outcome}`;
  },
});
