// Counts wrong codes, so that somebody who guesses is stopped long before they find one.
import type { CodeGuess } from '../../../models/code-guess.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import type { RecordCollection } from '../../core/store.ts';

const MOST_WRONG = 5;
const WINDOW_MS = 15 * 60_000;

export interface Guesses {
  /** @throws AppError `rate.limited` after five wrong codes within 15 minutes. */
  assertMayGuess(ctx: Ctx): Promise<void>;
  countWrong(ctx: Ctx): Promise<void>;
}

export function createGuesses(collection: RecordCollection<CodeGuess>): Guesses {
  const idOf = (ctx: Ctx): string => derivedId('gss', ctx.tenant, ctx.actor.id);

  async function assertMayGuess(ctx: Ctx): Promise<void> {
    const found = await collection.scoped(ctx.tenant).get(idOf(ctx));
    if (!found || found.until <= ctx.now || found.wrong < MOST_WRONG) return;
    const minutes = Math.ceil((found.until.getTime() - ctx.now.getTime()) / 60_000);
    throw new AppError(
      'rate.limited',
      `Too many wrong codes came from you. Try again in ${minutes} min, with a fresh code.`,
      {
        retryable: false,
        inHindi: `बहुत बार ग़लत कोड डाला गया। ${minutes} मिनट बाद नए कोड के साथ फिर कोशिश करें।`,
      },
    );
  }

  async function countWrong(ctx: Ctx): Promise<void> {
    const records = collection.scoped(ctx.tenant);
    const fresh = { wrong: 1, until: new Date(ctx.now.getTime() + WINDOW_MS) };
    for (;;) {
      const { record, inserted } = await records.insertOnce(idOf(ctx), fresh);
      if (inserted) return;
      const isOver = record.until <= ctx.now;
      if (await records.compareAndSet(record, isOver ? fresh : { wrong: record.wrong + 1 })) return;
    }
  }

  return { assertMayGuess, countWrong };
}
