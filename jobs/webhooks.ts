// The retention of webhooks: bodies are forgotten after their time.
import type { Job } from './job.ts';

export function webhookJobs({
  webhooks,
}: {
  readonly webhooks: { forget(): Promise<number> };
}): readonly Job[] {
  return [
    {
      name: 'webhook.forget',
      every: '10 minutes',
      misfire: 'once',
      about: 'Forgets the bodies of webhook events that came more than 30 days ago.',
      run: async (stop) => {
        while (!stop.aborted && (await webhooks.forget()) > 0);
      },
    },
  ];
}
