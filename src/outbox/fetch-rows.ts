// Fetches rows from an address that staff set: what was judged is connected to, no redirects, 10 s, 8 MB.
import got, { RequestError, TimeoutError } from 'got';
import { AppError } from '../core/errors.ts';
import type { OutboundRules } from '../core/outbound-address.ts';
import type { FetchRows } from '../core/pulling.ts';
import { guardedAgents, type Resolve, systemResolve } from './guarded-agents.ts';

const TIMEOUT_MS = 10_000;
const ANSWER_BYTES = 8 * 1_024 * 1_024;

/** @param resolve the machine's own resolver unless a test hands in another. */
export function createFetchRows(rules: OutboundRules, resolve: Resolve = systemResolve): FetchRows {
  return async ({ url, authorization }) => {
    const target = rules.judge(url);
    const agent = await guardedAgents(target, rules, resolve);
    const request = got.stream(target, {
      agent,
      headers: {
        accept: 'application/json, application/x-ndjson',
        'user-agent': 'wardroom-pull/1',
        ...(authorization === null ? {} : { authorization }),
      },
      followRedirect: false,
      retry: { limit: 0 },
      timeout: { request: TIMEOUT_MS },
      throwHttpErrors: false,
    });
    let status = 0;
    request.on('response', (response: { readonly statusCode: number }) => {
      status = response.statusCode;
    });
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of request) {
        const bytes = Buffer.from(chunk);
        size += bytes.length;
        if (size > ANSWER_BYTES) throw tooLarge(target);
        chunks.push(bytes);
      }
    } catch (thrown) {
      throw thrown instanceof AppError ? thrown : unreachable(target, thrown);
    }
    return { status, text: Buffer.concat(chunks).toString('utf8') };
  };
}

function tooLarge({ host }: URL): AppError {
  return new AppError('remote.refused', `${host} answered with more than ${ANSWER_BYTES} bytes.`);
}

function unreachable({ host }: URL, cause: unknown): AppError {
  const code = cause instanceof RequestError ? cause.code : 'ERR';
  const text =
    cause instanceof TimeoutError
      ? `${host} did not answer in time.`
      : `${host} could not be reached (${code}).`;
  return new AppError('remote.unavailable', text, { cause, retryable: true });
}
