// The audit log's own work: seals open rows into the chain.
import type { Job } from './job.ts';

export function auditJobs({ audit }: { readonly audit: { sealAll(): Promise<number> } }): readonly Job[] {
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
  ];
}
