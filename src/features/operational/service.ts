// Keeps incidents and deploys in their newest known state, whatever the order and number in which they are told.
import type { OperationFact } from '../../../models/operation-fact.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { derivedId } from '../../core/ids.ts';
import type { Body, FactCollection } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';

export type Told = Body<OperationFact>;

/** `older`: a newer state was known already, and nothing changed. */
export type Outcome = 'new' | 'changed' | 'older';

export interface Operational {
  /** Records what a source tells. The same effect again, or an older state, changes nothing. */
  record(ctx: Ctx, told: Told): Promise<Outcome>;
  /** The newest first. */
  list(ctx: Ctx, limit: number): Promise<readonly OperationFact[]>;
}

export function createOperational({ facts }: { readonly facts: FactCollection<OperationFact> }): Operational {
  return {
    record: async (ctx, told) => {
      const { kind, source, externalId, title, status } = told;
      const id = derivedId('opf', ctx.tenant, kind, source, externalId);
      const scoped = facts.scoped(ctx.tenant);
      const first = traceOf(ctx, { target: id, after: { kind, title, status } });
      const { record, inserted } = await scoped.insertOnce(id, told, first);
      if (inserted) return 'new';
      let outcome: Outcome = record.history[0]?.effectKey === ctx.effectKey ? 'new' : 'older';
      const { repeated } = await changeOnce(scoped, id, ctx.effectKey, (known) => {
        if (!isNewer(told, known)) return null;
        outcome = 'changed';
        const before = { status: known.status };
        return { change: told, trace: traceOf(ctx, { target: id, before, after: { status } }) };
      });
      return repeated && outcome === 'older' ? 'changed' : outcome;
    },
    list: ({ tenant }, limit) => facts.scoped(tenant).find({ where: {}, sort: [['happenedAt', -1]], limit }),
  };
}

/** By time, then by the rank of the state, then by receipt, then by name: a total order, so that all orders agree. */
function isNewer(told: Told, known: Told): boolean {
  const steps = [
    told.happenedAt.getTime() - known.happenedAt.getTime(),
    told.rank - known.rank,
    told.receivedAt.getTime() - known.receivedAt.getTime(),
    told.status < known.status ? -1 : told.status > known.status ? 1 : 0,
  ];
  return (steps.find((step) => step !== 0) ?? 0) > 0;
}
