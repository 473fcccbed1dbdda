// Marks what became of a message: by its version, so that the mark of a holder given up for dead changes nothing.
import type { OutboxRow } from '../../models/outbox-row.ts';
import type { Clock } from '../core/clock.ts';
import type { Records } from '../core/store.ts';
import { type RowEvent, type RowStep, rowAfter } from './row-state.ts';

const TRIES = 5;
const BETWEEN_TRIES_MS = 1_000;

/** A known outcome is worth some patience with the store: losing it makes the message an ambiguous one. */
export async function markRow(
  rows: Records<OutboxRow>,
  row: OutboxRow,
  event: RowEvent,
  clock: Clock,
): Promise<RowStep> {
  const step = rowAfter(row, event);
  if (!step.change) return step;
  for (let tries = 1; ; tries += 1) {
    try {
      const changed = await rows.compareAndSet(row, step.change);
      return changed ? step : { change: null, effects: [] };
    } catch (thrown) {
      if (tries >= TRIES) throw thrown;
      await clock.sleep(BETWEEN_TRIES_MS);
    }
  }
}
