// The experiments of the protocol crash test: what every round adds to them, and which of them then has a winner.
import { allDefinitions } from '../../models/all.ts';
import { connectDatabase } from '../../models/connection.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import type { Store } from '../../models/store.ts';
import { writeUnits } from '../../src/features/experiments/write-exposures.ts';
import { testCtx } from '../support/context.ts';
import { armsCsv, experimentWorld } from '../support/protocol-world.ts';

const FIRST_UNITS = 300;
/** Units that a round adds to each arm of each experiment. */
const ROUND_UNITS = 100;

export const experimentKey = (n: number): string => `test-${n}`;

/** What a look at an experiment must see, once for each of these, in this order. */
export interface ExpectedState {
  readonly units: number;
  /** The challenger has won, and a person is asked: nothing is looked at after that. */
  readonly isWon: boolean;
}

export interface TestData {
  /** Adds a round's facts, unfolded, and says what each experiment now holds. */
  addRound(round: number): Promise<void>;
  readonly expected: ReadonlyMap<string, readonly ExpectedState[]>;
}

/** Makes the experiments, half of which get a winner in the round that has their number, modulo the rounds. */
export async function createTestData(
  store: Store,
  size: { readonly experiments: number; readonly rounds: number },
): Promise<TestData> {
  const { rounds } = size;
  const { service, options } = experimentWorld(store);
  const expected = new Map<string, ExpectedState[]>();
  for (let n = 0; n < size.experiments; n += 1) {
    const key = experimentKey(n);
    await service.importFile(testCtx({ effectKey: `made-${key}`, now: new Date() }), {
      experiment: key,
      content: armsCsv({ control: [FIRST_UNITS, 105], challenger: [FIRST_UNITS, 108] }),
      columns: {},
      default: 'control',
      max: 4_000 + 2 * ROUND_UNITS * rounds,
      costPaise: new Map(),
      valuePaise: undefined,
      dryRun: false,
      acceptGood: false,
    });
    expected.set(key, [{ units: 2 * FIRST_UNITS, isWon: false }]);
  }

  async function addRound(round: number): Promise<void> {
    const exposures = options.exposures.scoped('default');
    for (const [n, [key, states]] of [...expected].entries()) {
      const last = states.at(-1);
      if (!last || last.isWon) continue;
      const experiment = await service.get(testCtx(), key);
      const isWon = n % 2 === 0 && (n / 2) % rounds === round - 1;
      const rows = ['control', 'challenger'].flatMap((variant) =>
        Array.from({ length: ROUND_UNITS }, (_, place) => ({
          unit: `${variant}-${round}-${place}`,
          variant,
          converted: isWon ? variant === 'challenger' : place % 3 === 0,
          excluded: false,
          at: null,
          place,
        })),
      );
      await writeUnits(exposures, experiment, rows, last.units);
      states.push({ units: last.units + rows.length, isWon });
    }
  }

  return { addRound, expected };
}

/** Opens the store of the crashing processes before they are there. */
export async function openStore(uri: string) {
  const database = await connectDatabase({ uri });
  await database.ensureIndexes(allDefinitions);
  return { store: createMongoStore(database.connection), close: () => database.close() };
}
