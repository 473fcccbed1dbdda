// Numbers of a cohort: who paid when the period began, and what became of them, from its movements one by one.
import { DateTime } from 'luxon';
import type { RollupReader } from '../../../core/rollups.ts';
import type { Asked, Split } from '../definition.ts';
import { type CohortChange, type CustomerMovement, cohortChange } from './retention.ts';
import { MOVEMENTS, movementRow } from './stream.ts';

const FIRST = new Date('2000-01-01T00:00:00Z');

type Stretch = Pick<Asked, 'tenant' | 'from' | 'to'>;

/** A movement as its stream holds it. */
export interface MovementFact {
  readonly externalId: string;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The movements of every customer in a time, half open, as they stand now and whom they are of. */
export interface Movements {
  between(tenant: string, from: Date, to: Date): Promise<readonly MovementFact[]>;
}

export interface Ledger {
  readonly netRetention: (asked: Asked) => Promise<Split>;
  readonly customerChurn: (asked: Asked) => Promise<Split>;
  /** The mean customer churn of so many calendar months of the zone, before the month that the period ends in. */
  readonly meanChurnBefore: (months: number) => (asked: Asked) => Promise<Split>;
}

export function createLedger(rollups: RollupReader, movements: Movements): Ledger {
  async function netRetention(asked: Asked): Promise<Split> {
    const startPaise = await standing('deltaPaise', asked);
    const { deltaPaise } = await changeIn(asked);
    return new Map([['', startPaise > 0 ? (startPaise + deltaPaise) / startPaise : null]]);
  }

  async function customerChurn(asked: Asked): Promise<Split> {
    return new Map([['', await churnIn(asked)]]);
  }

  const meanChurnBefore =
    (months: number) =>
    async ({ tenant, to, zone }: Asked): Promise<Split> => {
      const last = DateTime.fromMillis(to.getTime() - 1, { zone }).startOf('month');
      const rates = await Promise.all(
        Array.from({ length: months }, (_, back) => {
          const month = last.minus({ months: back + 1 });
          return churnIn({ tenant, from: month.toJSDate(), to: month.plus({ months: 1 }).toJSDate() });
        }),
      );
      const known = rates.filter((rate) => rate !== null);
      return new Map([
        ['', known.length > 0 ? known.reduce((sum, rate) => sum + rate, 0) / known.length : null],
      ]);
    };

  async function churnIn(stretch: Stretch): Promise<number | null> {
    const customers = await standing('customers', stretch);
    if (customers <= 0) return null;
    return (await changeIn(stretch)).lostCustomers / customers;
  }

  /** What stood when the stretch began. */
  async function standing(measure: string, { tenant, from }: Stretch): Promise<number> {
    const cells = await rollups.read(tenant, { stream: MOVEMENTS, measure, from: FIRST, to: from });
    return cells.reduce((sum, cell) => sum + cell.total, 0);
  }

  async function changeIn({ tenant, from, to }: Stretch): Promise<CohortChange> {
    const facts = await movements.between(tenant, from, to);
    return cohortChange(facts.map(movementIn));
  }

  return { netRetention, customerChurn, meanChurnBefore };
}

function movementIn({ at, externalId: id, data }: MovementFact): CustomerMovement {
  const { customer, kind, tier, deltaPaise, customers, beforePaise, afterPaise } = movementRow.parse({
    ...data,
    id,
    at: at.toISOString(),
  });
  const joins = customers > 0 ? 1 : customers < 0 ? -1 : 0;
  return { customer, kind, tier, deltaPaise, beforePaise, afterPaise, customers: joins, at };
}
