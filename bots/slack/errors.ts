// What Slack's client throws, as errors that the outbox and the inbox understand.
import { webApi } from '@slack/bolt';
import { AppError } from '../../src/core/errors.ts';

const { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } = webApi;

/** Failures before any byte of the request left: trying again cannot do anything twice. */
const NEVER_LEFT = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/;

/** Slack may have done it all the same. Source: docs.slack.dev, the errors of chat.postMessage. */
const PASSING = new Set(['internal_error', 'fatal_error', 'request_timeout', 'service_unavailable']);

/** Nothing goes out until somebody mends the app's token or its rights. */
const LOCKED_OUT = new Set([
  'account_inactive',
  'access_denied',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'invalid_auth',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
]);

/** Slack's own word for what was wrong, such as `channel_not_found`; empty when it said none. */
export function slackWordOf(error: unknown): string {
  const cause = error instanceof AppError ? error.cause : error;
  return cause instanceof WebAPIPlatformError ? cause.data.error : '';
}

/** Whether nothing will go out until the token or the scopes of the app are mended. */
export const isLockedOut = (error: unknown): boolean => LOCKED_OUT.has(slackWordOf(error));

/**
 * `rate.limited` with the wait that was asked for, `remote.unavailable` for what may pass, `remote.refused` for what
 * will never be taken. The cause is what Slack's client threw.
 */
export function slackError(cause: unknown, method: string): AppError {
  if (cause instanceof AppError) return cause;
  if (cause instanceof WebAPIRateLimitedError) {
    const { retryAfter } = cause;
    return new AppError('rate.limited', `Slack asks to wait ${retryAfter} s.`, {
      cause,
      retryable: true,
      retryAfterMs: retryAfter * 1_000,
    });
  }
  if (cause instanceof WebAPIPlatformError) return platformError(cause.data, cause, method);
  if (cause instanceof WebAPIHTTPError)
    return new AppError('remote.unavailable', `Slack failed (${cause.statusCode}).`, {
      cause,
      retryable: true,
    });
  const internal = wordsOf(cause);
  return new AppError('remote.unavailable', 'Slack did not answer.', {
    cause,
    retryable: true,
    internal: `${method}: ${internal}`,
    neverArrived: NEVER_LEFT.test(internal),
  });
}

function platformError(
  data: { readonly error: string; readonly response_metadata?: { readonly messages?: readonly string[] } },
  cause: unknown,
  method: string,
): AppError {
  const { error } = data;
  const internal = [`${method}: ${error}`, ...(data.response_metadata?.messages ?? [])].join(' ');
  if (LOCKED_OUT.has(error)) {
    const mend = 'install the app again and set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET to what it shows';
    const text = `Slack does not let this app in (${error}): ${mend}.`;
    return new AppError('remote.unavailable', text, { cause, internal, retryable: true, neverArrived: true });
  }
  if (error === 'ratelimited')
    return new AppError('rate.limited', 'Slack asks to wait.', { cause, internal, retryable: true });
  if (PASSING.has(error))
    return new AppError('remote.unavailable', `Slack failed (${error}).`, {
      cause,
      internal,
      retryable: true,
    });
  return new AppError('remote.refused', `Slack refused this (${error}).`, {
    cause,
    internal,
    retryable: false,
  });
}

/** An error and what lies behind it: the code of a broken connection stands there. */
function wordsOf(thrown: unknown): string {
  const words: string[] = [];
  for (let error = thrown; error instanceof Error && words.length < 6; error = behind(error))
    words.push(`${error.message} ${'code' in error ? String(error.code) : ''}`.trim());
  return words.join(' < ') || String(thrown);
}

function behind(error: Error): unknown {
  return error instanceof WebAPIRequestError ? error.original : error.cause;
}
