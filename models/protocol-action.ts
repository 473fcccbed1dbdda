// The collection of protocol actions: what each run did or asked for, with the state before and after.
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

export interface ProtocolAction extends Stored {
  readonly run: string;
  readonly step: string;
  /** Names the action within its run: the same action again is the same record. */
  readonly action: string;
  readonly at: Date;
  readonly summary: string;
  readonly target: string;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

export const protocolActions = defineRecords<ProtocolAction>({
  name: 'protocol_actions',
  fields: {
    run: String,
    step: String,
    action: String,
    at: Date,
    summary: String,
    target: String,
    before: mixed,
    after: mixed,
  },
  indexes: [{ keys: { run: 1, action: 1 }, unique: true }],
  about: {
    holds: 'One thing that a run did or proposed.',
    writer: 'the steps of the protocol',
    retention: 'kept',
  },
});
