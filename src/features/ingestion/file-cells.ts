// Turns the cells of a file, which are all texts, into the values that a stream's fields want.
import { DateTime } from 'luxon';
import { fieldsOf } from '../../core/fields.ts';
import type { Stream } from '../../core/stream.ts';

export type Cell = string | number | boolean;

/** What was assumed of times: that a day begins at midnight of the zone, or that a time is one of the zone. */
export type Assumed = 'daysFrom' | 'timesFrom';

const NUMBER = /^-?\d{1,15}(\.\d+)?$/;
const DAY = /^(\d{4})-?(\d{2})-?(\d{2})$/;
const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?$/;

/**
 * Reads one cell by its field. A text that is not what the field wants stays as it is, for the schema to refuse by
 * name. `note` is told once of each thing that was assumed.
 */
export function cellReader(
  stream: Stream,
  zone: string,
  note: (assumed: Assumed) => void,
): (field: string, cell: string) => Cell {
  const kinds = new Map(fieldsOf(stream.row).map(({ name, kind }) => [name, kind]));
  return (field, cell) => {
    const kind = kinds.get(field);
    if (kind === 'integer' || kind === 'number') return NUMBER.test(cell) ? Number(cell) : cell;
    if (kind === 'boolean') return booleanOf(cell);
    if (field === 'at' || field.endsWith('At')) return instantOf(cell, zone, note);
    return cell;
  };
}

function booleanOf(cell: string): Cell {
  if (/^(true|yes|1)$/i.test(cell)) return true;
  return /^(false|no|0)$/i.test(cell) ? false : cell;
}

function instantOf(cell: string, zone: string, note: (assumed: Assumed) => void): string {
  const day = DAY.exec(cell);
  const local = day ? `${day[1]}-${day[2]}-${day[3]}` : LOCAL_TIME.test(cell) ? cell.replace(' ', 'T') : null;
  if (local === null) return cell;
  const at = DateTime.fromISO(local, { zone });
  if (!at.isValid) return cell;
  note(day ? 'daysFrom' : 'timesFrom');
  return at.toISO();
}
