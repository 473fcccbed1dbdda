// The collection of alerts: one record for each thing that went wrong, counted while it goes on.
import { type Severity, severities } from '../src/core/alerting.ts';
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

export const alertStatuses = ['firing', 'resolved'] as const;

export interface Alert extends Stored {
  readonly fingerprint: string;
  /** The name of its group. */
  readonly group: string;
  readonly title: string;
  readonly severity: Severity;
  readonly source: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly link: string | null;
  readonly status: (typeof alertStatuses)[number];
  /** How often it was raised since it began to fire. */
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly resolvedAt: Date | null;
  /** When it is over by itself unless it is raised again; null: when somebody says so. */
  readonly expiresAt: Date | null;
  readonly why: string;
  /** The newest effects that raised it: each counts once. */
  readonly effects: readonly string[];
  /** False while its group has not taken note of its last change. */
  readonly folded: boolean;
  readonly forgetAt: Date | null;
}

export const alerts = defineRecords<Alert>({
  name: 'alerts',
  fields: {
    fingerprint: { type: String, required: true, maxlength: 200 },
    group: { type: String, required: true, maxlength: 200 },
    title: { type: String, required: true, maxlength: 300 },
    severity: { type: String, required: true, enum: severities },
    source: { type: String, required: true, maxlength: 80 },
    facts: mixed,
    link: String,
    status: { type: String, required: true, enum: alertStatuses },
    count: { type: Number, required: true, min: 1 },
    firstAt: { type: Date, required: true },
    lastAt: { type: Date, required: true },
    resolvedAt: Date,
    expiresAt: Date,
    why: String,
    effects: [String],
    folded: { type: Boolean, required: true },
    forgetAt: Date,
  },
  indexes: [
    { keys: { group: 1, status: 1, severity: 1, lastAt: -1 } },
    { keys: { group: 1, lastAt: -1 } },
    { keys: { status: 1, source: 1 } },
    { keys: { status: 1, expiresAt: 1 }, acrossTenants: true },
    { keys: { folded: 1 }, partial: { folded: false }, acrossTenants: true },
  ],
  expireAfter: { field: 'forgetAt', seconds: 90 * 86_400 },
  about: {
    holds: 'Something that went wrong, under a name of its own, and how often it was told.',
    writer: 'features/alerts',
    retention: '90 days after it was resolved',
  },
});
