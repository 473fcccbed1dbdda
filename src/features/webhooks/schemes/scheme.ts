// What a signature scheme is: how a delivery proves its sender, and how one is signed for tests and examples.

/** A request as it arrived: header names in lower case, the body byte for byte. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** The whole address that was called, query included: one scheme signs it. */
  readonly url: string;
}

/** `stale`: rightly signed, but outside of the time window. The sender is never told which it was. */
export type Verdict =
  | {
      readonly authentic: true;
      /** The sender's id when the signature covers it; else null, and nothing outside of the body counts. */
      readonly signedId: string | null;
      /** What the signature covers, where several bodies say the same: these are then one event. */
      readonly signed?: string;
    }
  | { readonly authentic: false; readonly reason: 'signature' | 'stale' };

export interface ToSign {
  readonly id: string;
  readonly at: Date;
  readonly body: Buffer;
  readonly url: string;
  readonly secret: string;
}

/** An answer of the sender's own form. */
export interface SchemeAnswer {
  readonly type: string;
  readonly text: string;
}

/** Verifiers are pure, never throw, and fail closed: no live secret means that nothing is authentic. */
export interface Scheme {
  /** Where the sender puts its id without signing it: shown to people, never trusted. */
  readonly idHeader?: string;
  /** What the sender of a form reads, where it wants more than a status: our own answer is JSON. */
  readonly formAnswer?: SchemeAnswer;
  /** The address a JSON body is posted to, where the scheme puts something of the body into it. */
  addressOf?(url: string, body: Buffer): string;
  /** @param secrets the one or two that are live. */
  verify(delivery: Delivery, secrets: readonly string[], now: Date): Verdict;
  /** The headers that make a body authentic. */
  sign(toSign: ToSign): Readonly<Record<string, string>>;
}

/** How far a signed time may lie from ours, either way. Source: standardwebhooks.com and each sender’s own page. */
export const TOLERANCE_MS = 300_000;

export const FORGED: Verdict = { authentic: false, reason: 'signature' };
const STALE: Verdict = { authentic: false, reason: 'stale' };

/** The verdict on what is rightly signed at a time in whole seconds, given as 1 to 12 digits. */
export function timely(seconds: string, now: Date, signedId: string | null): Verdict {
  const awayMs = Math.abs(now.getTime() - Number(seconds) * 1_000);
  return awayMs <= TOLERANCE_MS ? { authentic: true, signedId } : STALE;
}

/** Unix seconds as every scheme writes them: nothing but digits, so that `123abc` and `123.9` are refused. */
export const isSeconds = (text: string | undefined): text is string => /^\d{1,12}$/.test(text ?? '');

export const secondsOf = (at: Date): string => Math.floor(at.getTime() / 1_000).toString();
