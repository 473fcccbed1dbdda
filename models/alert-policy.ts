// The collection of alert policies: who is called when nobody answers, and when small things wait for the morning.
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

export interface AlertPolicy extends Fact {
  /** Ids of people, in the order in which they are called; empty: owners, then admins, then managers. */
  readonly order: readonly string[];
  /** Wall clock of the tenant's zone, such as `22:00`; null: no quiet hours. */
  readonly quietFrom: string | null;
  readonly quietTo: string | null;
}

export const alertPolicies = defineFacts<AlertPolicy>({
  name: 'alert_policies',
  fields: { order: [String], quietFrom: String, quietTo: String },
  about: {
    holds: 'Who is called about critical alerts and in which order, and the quiet hours of small ones.',
    writer: 'features/alerts',
    retention: 'kept, one for each tenant',
  },
});
