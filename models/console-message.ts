// The collection of what stands in the console's rooms: what people said there, and what was answered or announced.
import type { Block, Status } from '../src/core/reply.ts';
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

export interface ShownButton {
  readonly id: string;
  readonly label: string;
  readonly style: 'primary' | 'danger' | null;
}

export interface ConsoleMessageRow extends Stored {
  /** `person:<actor id>` or `room:ops`. */
  readonly address: string;
  /** Who said it; null: Wardroom itself. */
  readonly author: { readonly id: string; readonly name: string } | null;
  readonly status: Status | null;
  /** Without buttons: those stand apart, by their opaque keys. */
  readonly blocks: readonly Block[];
  readonly buttons: readonly ShownButton[];
  /** What it answers: the id of the message above it. */
  readonly inReplyTo: string | null;
  /** For a live card: the newest revision shown. */
  readonly revision: number;
  readonly at: Date;
  /** When it last changed: what readers follow. */
  readonly changedAt: Date;
}

export const consoleMessages = defineRecords<ConsoleMessageRow>({
  name: 'console_messages',
  about: {
    holds: 'One message in the console: what a person said, an answer, an announcement or a live card.',
    writer: 'bots/console/adapter.ts',
    retention: '90 days',
  },
  fields: {
    address: { type: String, required: true },
    author: mixed,
    status: String,
    blocks: { type: mixed, required: true },
    buttons: { type: mixed, required: true },
    inReplyTo: String,
    revision: { type: Number, required: true },
    at: { type: Date, required: true },
    changedAt: { type: Date, required: true },
  },
  indexes: [{ keys: { address: 1, changedAt: 1 } }, { keys: { address: 1, at: 1 } }],
  expireAfter: { field: 'changedAt', seconds: 90 * 86_400 },
});
