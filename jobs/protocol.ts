// The beat of the protocol: Agenda is only the alarm clock; slots, leases and take-overs are the ledger's.
import type { ProtocolService } from '../src/features/protocol/service.ts';
import type { Job } from './job.ts';

export function protocolJobs({
  protocol,
}: {
  readonly protocol: Pick<ProtocolService, 'tick'>;
}): readonly Job[] {
  return [
    {
      name: 'protocol.tick',
      every: '10 seconds',
      misfire: 'once',
      about: 'Enters due and missed slots into the ledger, works what is due, takes abandoned runs over.',
      run: (stop) => protocol.tick(stop),
    },
  ];
}
