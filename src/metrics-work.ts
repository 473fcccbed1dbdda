// Metrics over one store: their definitions, the service that answers, and the movements derived as facts are folded.
import type { StreamFact } from '../models/stream-fact.ts';
import type { Config } from './config.ts';
import type { Clock } from './core/clock.ts';
import type { SubjectFact, SubjectFacts } from './core/derivation.ts';
import { AppError } from './core/errors.ts';
import type { Ids } from './core/ids.ts';
import type { RollupReader } from './core/rollups.ts';
import type { RecordCollection } from './core/store.ts';
import type { OnFolded } from './features/ingestion/fold.ts';
import { type Streams, streamNamed } from './features/ingestion/streams.ts';
import { writeFacts } from './features/ingestion/write-facts.ts';
import { allMetrics } from './features/metrics/definitions/all.ts';
import type { HeldCounts } from './features/metrics/definitions/held.ts';
import { deriveRecurring } from './features/metrics/recurring/derive.ts';
import type { Movements } from './features/metrics/recurring/ledger.ts';
import { MOVEMENTS, MOVEMENTS_SOURCE } from './features/metrics/recurring/stream.ts';
import { createMetricService, type MetricService } from './features/metrics/service.ts';

/** What a cohort's number may be counted from in one go. */
const MOVEMENTS_MAX = 200_000;

/** What a subject may have before reading it in one go is refused. */
const FACTS_OF_ONE_MAX = 10_000;

export function createMetricWork(options: {
  readonly rollups: RollupReader;
  readonly facts: RecordCollection<StreamFact>;
  readonly environment: Config['APP_ENV'];
  readonly held: HeldCounts;
  readonly publicUrl: () => string;
}): MetricService {
  const { rollups, facts, held, environment, publicUrl } = options;
  return createMetricService({
    metrics: allMetrics({ rollups, movements: createMovements(facts), held }),
    rollups,
    sandbox: environment !== 'production',
    publicUrl,
  });
}

/** Movements that were folded and that nothing replaced, as the rollups count them. */
function createMovements(facts: RecordCollection<StreamFact>): Movements {
  return {
    between: async (tenant, from, to) => {
      const found = await facts.scoped(tenant).find({
        where: { stream: MOVEMENTS, current: true, at: { gte: from, lt: to } },
        sort: [['at', -1]],
        limit: MOVEMENTS_MAX + 1,
      });
      if (found.length > MOVEMENTS_MAX)
        throw new AppError(
          'input.invalid',
          `There are more than ${MOVEMENTS_MAX} movements of MRR in this time; ask for fewer days.`,
        );
      return found.flatMap(({ externalId, at, data, batch }) =>
        data && batch > 0 ? [{ externalId, at, data }] : [],
      );
    },
  };
}

/** Told of each batch that is folded, it derives the movements and trials of the customers whose subscriptions changed. */
export function createDerivation(options: {
  readonly facts: RecordCollection<StreamFact>;
  readonly streams: Streams;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly nudge: () => void;
}): OnFolded {
  const subjectFacts = createSubjectFacts(options);
  return async (tenant, stream, facts) => {
    if (stream !== 'subscriptions') return;
    const customers = [...new Set(facts.flatMap((fact) => fact.subject ?? []))];
    const superseded = new Set(facts.flatMap((fact) => fact.replaces ?? []));
    await deriveRecurring(subjectFacts, tenant, customers, superseded);
    options.nudge();
  };
}

function createSubjectFacts({
  facts,
  streams,
  clock,
  ids,
}: Parameters<typeof createDerivation>[0]): SubjectFacts {
  return {
    of: async (tenant, stream, subject) => {
      const found = await facts
        .scoped(tenant)
        .find({ where: { stream, subject, current: true }, sort: [['at', 1]], limit: FACTS_OF_ONE_MAX + 1 });
      if (found.length > FACTS_OF_ONE_MAX)
        throw new Error(`more than ${FACTS_OF_ONE_MAX} facts of one ${stream} subject`);
      return found.map(
        ({ _id: id, externalId, at, replaces, data }): SubjectFact => ({
          id,
          externalId,
          at,
          replaces,
          data,
        }),
      );
    },
    state: async (tenant, stream, statements) => {
      const writing = {
        facts: facts.scoped(tenant),
        tenant,
        stream: streamNamed(streams, stream),
        source: MOVEMENTS_SOURCE,
        receivedAt: clock.now(),
        effect: ids.fresh('req'),
      };
      await writeFacts(
        writing,
        statements.map((statement) => ({ ...statement, statedAt: null, revision: null })),
      );
    },
  };
}
