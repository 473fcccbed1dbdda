// The collection of what happened to the running product: incidents and deploys, told by other systems.
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

export const operationFactKinds = ['incident', 'deploy'] as const;
export type OperationFactKind = (typeof operationFactKinds)[number];

export interface OperationFact extends Fact {
  readonly kind: OperationFactKind;
  /** The webhook source that told it. */
  readonly source: string;
  /** The id by which that source knows it. */
  readonly externalId: string;
  readonly title: string;
  /** Of an incident: open, resolved, ignored. Of a deploy: waiting, running, succeeded, failed, replaced. */
  readonly status: string;
  readonly level: string;
  readonly environment: string;
  readonly url: string | null;
  /** When it happened, as the source says. */
  readonly happenedAt: Date;
  /** The place of this state among those of one instant: a later state never goes back to a lesser one. */
  readonly rank: number;
  /** When the event that says so was stored: decides between states that are otherwise equal in time. */
  readonly receivedAt: Date;
}

export const operationFacts = defineFacts<OperationFact>({
  name: 'operations',
  fields: {
    kind: { type: String, required: true, enum: operationFactKinds },
    source: { type: String, required: true },
    externalId: { type: String, required: true },
    title: { type: String, required: true },
    status: { type: String, required: true },
    level: { type: String, required: true },
    environment: { type: String, required: true },
    url: String,
    happenedAt: { type: Date, required: true },
    rank: { type: Number, required: true, min: 0 },
    receivedAt: { type: Date, required: true },
  },
  indexes: [{ keys: { kind: 1, happenedAt: -1 } }],
  about: {
    holds: 'One incident or deploy as another system told it, in its newest known state.',
    writer: 'src/features/operational, from the webhook inbox',
    retention: 'kept',
  },
});
