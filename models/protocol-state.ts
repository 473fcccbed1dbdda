// The collection of protocol states: for each tenant, which run holds the floor and whether the protocol is paused.
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

export interface ProtocolState extends Fact {
  /** The run that may work now; another must wait until it ends or its lease runs out. */
  readonly activeRun: string | null;
  readonly activeUntil: Date | null;
  /** Grows each time the floor changes hands. */
  readonly fence: number;
  /** The newest slot that stands in the ledger: where the search for missed ones begins. */
  readonly lastSlot: Date | null;
  readonly pausedUntil: Date | null;
}

export const protocolStates = defineFacts<ProtocolState>({
  name: 'protocol_states',
  fields: { activeRun: String, activeUntil: Date, fence: Number, lastSlot: Date, pausedUntil: Date },
  about: {
    holds: 'Who holds the floor of the protocol for one tenant, and until when it is paused.',
    writer: 'the protocol runner; the verbs protocol pause and resume',
    retention: 'kept, one for each tenant',
  },
});
