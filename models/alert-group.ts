// The collection of alert groups: what belongs together, its live card, and who looks after it.
import { type Severity, severities } from '../src/core/alerting.ts';
import type { Fact } from '../src/core/store.ts';
import { defineFacts, mixed } from './define.ts';

/** `waiting`: gathering what else comes before anybody is told. */
export const groupStatuses = ['waiting', 'firing', 'resolved'] as const;

/** One of the newest alerts as the card shows it. */
export interface AlertLine {
  readonly title: string;
  readonly severity: Severity;
  readonly count: number;
  readonly lastAt: Date;
  readonly link: string | null;
}

export interface AlertGroup extends Fact {
  readonly name: string;
  /** Grows when the group fires again after it was over: each episode has its own card. */
  readonly episode: number;
  readonly status: (typeof groupStatuses)[number];
  readonly severity: Severity;
  readonly source: string;
  /** Alerts that fire now. */
  readonly firing: number;
  /** Alerts that fired in this episode. */
  readonly total: number;
  readonly newest: readonly AlertLine[];
  readonly since: Date;
  readonly resolvedAt: Date | null;
  readonly resolvedWhy: string;
  /** When people were told last; null while nobody was. */
  readonly notifiedAt: Date | null;
  /** How many alerts of the episode they were told of. */
  readonly notifiedTotal: number;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: Date | null;
  readonly assignee: string | null;
  readonly silencedUntil: Date | null;
  readonly silencedBy: string | null;
  /** How many people were called one after the other; past the end of the list everybody was. */
  readonly escalation: number;
  readonly escalateAt: Date | null;
  /** When somebody should look here next; null while nothing is to come. */
  readonly nextAt: Date | null;
}

export const alertGroups = defineFacts<AlertGroup>({
  name: 'alert_groups',
  fields: {
    name: { type: String, required: true, maxlength: 200 },
    episode: { type: Number, required: true, min: 1 },
    status: { type: String, required: true, enum: groupStatuses },
    severity: { type: String, required: true, enum: severities },
    source: { type: String, required: true },
    firing: { type: Number, required: true, min: 0 },
    total: { type: Number, required: true, min: 0 },
    newest: [{ type: mixed }],
    since: { type: Date, required: true },
    resolvedAt: Date,
    resolvedWhy: String,
    notifiedAt: Date,
    notifiedTotal: { type: Number, required: true, min: 0 },
    acknowledgedBy: String,
    acknowledgedAt: Date,
    assignee: String,
    silencedUntil: Date,
    silencedBy: String,
    escalation: { type: Number, required: true, min: 0 },
    escalateAt: Date,
    nextAt: Date,
  },
  indexes: [
    { keys: { status: 1, since: -1 } },
    { keys: { nextAt: 1 }, acrossTenants: true },
    { keys: { status: 1 }, acrossTenants: true },
  ],
  about: {
    holds: 'Alerts that belong together: how many fire, who was told, and who looks after them.',
    writer: 'features/alerts',
    retention: 'kept: one for each name of a group',
  },
});
