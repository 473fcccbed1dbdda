// The streams as what bodies of webhook sources may be mapped to: one target for each, taken in by ingestion.
import { AppError } from './core/errors.ts';
import type { FactDoor } from './core/ingestion.ts';
import type { MappingTarget } from './core/webhook-source.ts';
import { streams } from './features/ingestion/streams.ts';

type Target = MappingTarget<{ readonly ingestion: FactDoor }>;

/** Facts of a source are known by its name and the row's id, so that an event worked on again changes nothing. */
export const streamTargets: readonly Target[] = Object.values(streams).map(({ name, row, example }) => ({
  name,
  fields: row,
  sample: (id, at) => ({ ...example, id, at: at.toISOString() }),
  take: async ({ services, ...ctx }, rows, { source, receivedAt }) => {
    const { counts, rows: judged } = await services.ingestion.ingest(ctx, name, rows, { source, receivedAt });
    const [first] = judged.filter(({ result }) => result === 'rejected');
    if (first && counts.rejected === rows.length)
      throw new AppError('webhook.shape', `Mapped wrongly. ${first.field}: ${first.reason}`);
    const told = Object.entries(counts).flatMap(([result, times]) =>
      times > 0 ? [`${times} ${result}`] : [],
    );
    return `${rows.length} of ${name}: ${told.join(', ')}`;
  },
}));
