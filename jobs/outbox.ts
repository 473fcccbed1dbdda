// The sweep of the outbox: finds what a crash left lying, beside the outbox's own loops.
import type { Outbox } from '../src/outbox/types.ts';
import type { Job } from './job.ts';

export function outboxJobs({ outbox }: { readonly outbox: Pick<Outbox, 'sweep'> }): readonly Job[] {
  return [
    {
      name: 'outbox.sweep',
      every: '30 seconds',
      misfire: 'once',
      about: 'Wakes rows and cards that nobody was told of, and finishes replays that were cut off.',
      run: () => outbox.sweep(),
    },
  ];
}
