// The clock of approvals: reminders, expiry, and what a crash cut off between a vote and its effect.
import type { Job } from './job.ts';

export function approvalJobs({
  approvals,
}: {
  readonly approvals: { sweep(): Promise<number> };
}): readonly Job[] {
  return [
    {
      name: 'approval.sweep',
      every: '10 seconds',
      misfire: 'once',
      about: 'Reminds of requests that wait, ends those whose time is over, carries on what was cut off.',
      run: async () => {
        await approvals.sweep();
      },
    },
  ];
}
