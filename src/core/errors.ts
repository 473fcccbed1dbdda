// The one error type: a code for machines, a sentence for people, and a cause for the log.
import { type ErrorCode, type ErrorKind, errorCatalogue } from './error-catalogue.ts';

/** One thing wrong with one argument: what was given, what is wanted, one example that works. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
  readonly example?: string;
}

export interface AppErrorDetails {
  readonly cause?: unknown;
  readonly fields?: readonly FieldProblem[];
  readonly retryable?: boolean;
  /** Milliseconds to wait before trying again, when the other side told us. */
  readonly retryAfterMs?: number;
  /** Set by a channel: the other side certainly did not take it, so that trying again cannot show it twice. */
  readonly neverArrived?: boolean;
  /** The public text for a reader of Hindi in chat. */
  readonly inHindi?: string;
  /** For the log alone: never shown to a person. */
  readonly internal?: string;
}

/**
 * A failure that a door can explain. `publicMessage` is shown to people; `message` (code and internal text)
 * goes to the log. The kind, and with it the HTTP status, follows from the code in the catalogue.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly publicMessage: string;
  readonly inHindi: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly neverArrived: boolean;
  readonly fields: readonly FieldProblem[];

  constructor(code: ErrorCode, publicMessage: string, details: AppErrorDetails = {}) {
    super(`${code}: ${details.internal ?? publicMessage}`, { cause: details.cause });
    this.name = 'AppError';
    this.code = code;
    this.kind = errorCatalogue[code].kind;
    this.publicMessage = publicMessage;
    this.inHindi = details.inHindi;
    this.retryable = details.retryable ?? this.kind === 'unavailable';
    this.retryAfterMs = details.retryAfterMs;
    this.neverArrived = details.neverArrived ?? this.kind === 'rate_limited';
    this.fields = details.fields ?? [];
  }
}

/** Anything thrown, as an AppError: an unknown failure is a bug, and its text stays in the log. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const internal = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('internal.bug', 'This failed because of a fault on our side.', {
    cause: thrown,
    inHindi: 'हमारी ओर की गड़बड़ी से यह नहीं हो सका।',
    internal,
  });
}
