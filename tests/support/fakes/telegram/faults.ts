// Scripted failures of the fake: which calls fail, how often, and in which way.
import { tooMany } from './rate-limits.ts';
import { BotApiError } from './types.ts';

/**
 * `status` and `rate` are answered as such; `reset` cuts the connection before anything happens, `hang` never answers;
 * `accept-then-reset` and `accept-then-hang` do the work first: the caller cannot know that it was done.
 */
export type FaultKind = 'status' | 'rate' | 'reset' | 'hang' | 'accept-then-reset' | 'accept-then-hang';

export interface FaultRule {
  readonly kind: FaultKind;
  /** Only calls of this method; all but getUpdates when absent. */
  readonly method?: string;
  readonly chat?: number;
  /** How many calls fail; without it all do, until `mend`. */
  readonly times?: number;
  /** For `status`; 500 unless told. */
  readonly status?: number;
  readonly description?: string;
  /** Seconds, for `rate`; 1 unless told. */
  readonly retryAfter?: number;
}

export class Faults {
  private rules: { readonly rule: FaultRule; left: number }[] = [];

  add(rule: FaultRule): void {
    this.rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  mend(): void {
    this.rules = [];
  }

  /** The rule that this call meets, used up by one; null when it is to work. */
  meet(method: string, chat: number | undefined): FaultRule | null {
    const met = this.rules.find(
      ({ rule, left }) =>
        left > 0 &&
        (rule.method === undefined ? method !== 'getUpdates' : sameMethod(rule.method, method)) &&
        (rule.chat === undefined || rule.chat === chat),
    );
    if (!met) return null;
    met.left -= 1;
    return met.rule;
  }
}

export function errorOf(rule: FaultRule): BotApiError {
  if (rule.kind === 'rate') return tooMany(rule.retryAfter ?? 1);
  const status = rule.status ?? 500;
  return new BotApiError(
    status,
    rule.description ?? (status >= 500 ? 'Internal Server Error' : 'Bad Request'),
  );
}

/** The Bot API does not mind the case of a method's name. */
export function sameMethod(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
