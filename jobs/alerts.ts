// The watch over the product itself, and the sweep of alerts; telling and escalating is a loop of its own.
import type { Job } from './job.ts';

export function alertJobs({ alerts }: { readonly alerts: { sweep(): Promise<void> } }): readonly Job[] {
  return [
    {
      name: 'alerts.sweep',
      every: '30 seconds',
      misfire: 'once',
      about: 'Folds every open alert group again, so that nothing that slipped in is lost.',
      run: () => alerts.sweep(),
    },
  ];
}

/** Asks everything that can be ill how it is, and raises or resolves an alert for each. */
export function watchJob(watch: () => Promise<void>): Job {
  return {
    name: 'alerts.watch',
    every: '1 minute',
    misfire: 'once',
    about: 'Reads the health of every part; what is ill raises an alert, what is well again resolves it.',
    run: () => watch(),
  };
}
