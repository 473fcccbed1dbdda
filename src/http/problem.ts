// The one place where an error becomes an HTTP status and an RFC 9457 problem document.
import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';
import type { ErrorCode, ErrorKind } from '../core/error-catalogue.ts';
import { AppError, type FieldProblem, toAppError } from '../core/errors.ts';

const statusOfKind: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  rate_limited: 429,
  unavailable: 503,
  bug: 500,
};

const statusOfCode: Readonly<Partial<Record<ErrorCode, number>>> = {
  'input.too_large': 413,
  'http.method': 405,
  'http.media_type': 415,
  'webhook.shape': 422,
};

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly requestId: string;
  readonly errors?: readonly FieldProblem[];
}

export function statusOf(error: AppError): number {
  return statusOfCode[error.code] ?? statusOfKind[error.kind];
}

/** What the outside may know of an error: its code and public text, never its cause. */
export function problemOf(error: AppError, requestId: string): Problem {
  const status = statusOf(error);
  const { code, publicMessage: detail, fields } = error;
  const type = `urn:wardroom:error:${code}`;
  const problem = { type, title: STATUS_CODES[status] ?? 'Error', status, detail, code, requestId };
  return fields.length > 0 ? { ...problem, errors: fields } : problem;
}

/** Headers that belong to an error whatever its body: when to try again, and how to identify oneself. */
export function setErrorHeaders(res: Response, error: AppError): void {
  res.set('Cache-Control', 'no-store');
  if (error.retryAfterMs !== undefined) res.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
  if (error.kind === 'unauthorized') res.set('WWW-Authenticate', 'Bearer realm="wardroom"');
}

export function sendProblem(res: Response, error: AppError, requestId: string): void {
  const problem = problemOf(error, requestId);
  setErrorHeaders(res, error);
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** Anything thrown on the way of a request, also by Express and its parsers, as an AppError. */
export function requestErrorOf(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (!(thrown instanceof Error)) return toAppError(thrown);
  const details = { cause: thrown, internal: thrown.message };
  switch (tagOf(thrown)) {
    case 'entity.too.large':
    case 'parameters.too.many':
      return new AppError('input.too_large', 'The body is larger than is taken here.', details);
    case 'entity.parse.failed':
      return new AppError('input.not_json', 'The body is not JSON. This is: {"limit": 5}', details);
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new AppError('http.media_type', 'Send UTF-8, plain or compressed by gzip or deflate.', details);
    case 'EBADCSRFTOKEN':
      return new AppError(
        'auth.csrf',
        'This form is too old. Load its page again and send it once more.',
        details,
      );
  }
  if (isClientFault(thrown)) return new AppError('input.invalid', 'The request cannot be read.', details);
  return toAppError(thrown);
}

function tagOf(error: Error): unknown {
  if ('type' in error) return error.type;
  return 'code' in error ? error.code : undefined;
}

function isClientFault(error: Error): boolean {
  const status = 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500;
}
