// What alerts are made of: three collections, who may be called, and where things are said.
import type { Alert } from '../../../models/alert.ts';
import type { AlertGroup } from '../../../models/alert-group.ts';
import type { AlertPolicy } from '../../../models/alert-policy.ts';
import type { Clock } from '../../core/clock.ts';
import type { Language } from '../../core/context.ts';
import type { FactCollection, RecordCollection } from '../../core/store.ts';

/** Somebody on the team, and the destinations that reach them alone. */
export interface Callee {
  readonly id: string;
  readonly name: string;
  /** In which they are called. */
  readonly language: Language;
  readonly destinations: readonly string[];
}

export interface AlertParts {
  readonly alerts: RecordCollection<Alert>;
  readonly groups: FactCollection<AlertGroup>;
  readonly policies: FactCollection<AlertPolicy>;
  /** Rooms in which the live card stands, such as `console:room:ops`. */
  readonly rooms: readonly string[];
  /** Places that are told in a message each time, such as `hook:slack` or `mail:ops@example.com`. */
  readonly targets: readonly string[];
  readonly zone: string;
  /** Everybody who may act on alerts, those with the most rights first. */
  readonly callees: (tenant: string) => Promise<readonly Callee[]>;
  /** Where pages are, without a slash at the end. */
  readonly publicUrl: () => string;
  readonly clock: Clock;
}

export const WORKER = 'alerts';
