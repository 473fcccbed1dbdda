// The audit log's own work: seals open rows into the chain, and posts its head once a day.
import type { Job } from './job.ts';

export function auditJobs({
  audit,
  postHead,
}: {
  readonly audit: { sealAll(): Promise<number> };
  readonly postHead: () => Promise<void>;
}): readonly Job[] {
  return [
    {
      name: 'audit.seal',
      every: '5 seconds',
      misfire: 'once',
      about: 'Chains the open rows of every tenant into a sealed block.',
      run: async () => {
        await audit.sealAll();
      },
    },
    {
      name: 'audit.post',
      every: '1 hour',
      misfire: 'once',
      about: 'Posts the head of the chain in the room and the log, once a day (UTC).',
      run: () => postHead(),
    },
  ];
}
