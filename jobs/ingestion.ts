// Facts in the background: counts what a crash left waiting, and fetches the pulls that are due.
import type { Job } from './job.ts';

export function ingestionJobs({
  folding,
  pulls,
}: {
  readonly folding: { round(): Promise<number> };
  readonly pulls: { work(): Promise<number> };
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
    {
      name: 'ingest.pull',
      every: '30 seconds',
      misfire: 'once',
      about: 'Fetches the pulls that are due.',
      run: async (stop) => {
        while (!stop.aborted && (await pulls.work()) > 0);
      },
    },
  ];
}
