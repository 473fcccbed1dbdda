// Scheduled pulls over one store: guarded like every address that staff set, their headers sealed.
import { streamPulls } from '../models/stream-pull.ts';
import type { FactDoor } from './core/ingestion.ts';
import { createOutboundRules } from './core/outbound-address.ts';
import { createSealer } from './core/sealed-text.ts';
import { createPulls, type Pulls } from './features/ingestion/pulls.ts';
import type { Streams } from './features/ingestion/streams.ts';
import { createFetchRows } from './outbox/fetch-rows.ts';
import type { ProgramOptions } from './program.ts';

export function createPullWork(
  options: Pick<ProgramOptions, 'config' | 'keys' | 'store' | 'clock' | 'ids' | 'logger'> & {
    readonly door: FactDoor;
    readonly streams: Streams;
  },
): Pulls {
  const { config, keys, store, clock, ids, logger, door, streams } = options;
  const rules = createOutboundRules({ allow: config.OUTBOUND_ALLOW, sandbox: config.APP_ENV === 'sandbox' });
  return createPulls({
    pulls: store.facts(streamPulls),
    sealer: createSealer({ secretKey: keys.secretKey, purpose: 'pulls', ids }),
    fetchRows: createFetchRows(rules),
    zone: config.BUSINESS_TIMEZONE,
    rules,
    door,
    streams,
    clock,
    logger,
  });
}
