// Every stream there is, by its name.
import { AppError } from '../../core/errors.ts';
import type { StreamName } from '../../core/rollups.ts';
import type { Stream } from '../../core/stream.ts';
import { customers, invites, operations, subscriptions, suppliers } from './streams-people.ts';
import { brandSpend, claims, marketingCosts, payments, transactions } from './streams-trade.ts';

export const streams = {
  transactions,
  customers,
  operations,
  subscriptions,
  payments,
  invites,
  suppliers,
  claims,
  marketing_costs: marketingCosts,
  brand_spend: brandSpend,
} as const satisfies Record<StreamName, Stream>;

/** The streams by name, those that other features derive among them. */
export type Streams = ReadonlyMap<string, Stream>;

/** @throws Error when two streams share a name: a fault of who derives them. */
export function streamsWith(derived: readonly Stream[] = []): Streams {
  const all = [...Object.values(streams), ...derived];
  const byName = new Map(all.map((stream) => [stream.name, stream]));
  if (byName.size !== all.length) throw new Error('two streams share a name');
  return byName;
}

/** @throws AppError `input.invalid` naming the streams there are. */
export function streamNamed(known: Streams, name: string): Stream {
  const found = known.get(name);
  if (found) return found;
  const names = [...known.keys()].join(', ');
  throw new AppError('input.invalid', `stream: “${name.slice(0, 60)}” is none of ${names}`, {
    fields: [
      { field: 'stream', problem: `“${name.slice(0, 60)}” is none of ${names}`, example: 'transactions' },
    ],
  });
}
