// The sweep of facts: counts what a crash left waiting, beside the fold's own loop.
import type { Job } from './job.ts';

export function ingestionJobs({
  folding,
}: {
  readonly folding: { round(): Promise<number> };
}): readonly Job[] {
  return [
    {
      name: 'ingest.sweep',
      every: '30 seconds',
      misfire: 'once',
      about: 'Counts facts that wait although nobody was told of them.',
      run: async (stop) => {
        while (!stop.aborted && (await folding.round()) > 0);
      },
    },
  ];
}
