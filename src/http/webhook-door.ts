// The door of other systems: raw body in, one durable write, then the answer. No token, no cookie, no reason given.
import { isUtf8 } from 'node:buffer';
import express, { type Request, type Response } from 'express';
import { AppError, toAppError } from '../core/errors.ts';
import { JSON_LIMIT_BYTES, refuseUnsafe } from './body.ts';
import type { WebhookDoor } from './options.ts';
import { requestErrorOf } from './problem.ts';
import type { Routes } from './routes.ts';

/** Bytes as they are: what inflates would have two bodies, one signed and one read. */
const readBytes = express.raw({ type: () => true, inflate: false, limit: JSON_LIMIT_BYTES });

export function addWebhookDoor(
  routes: Routes,
  parts: {
    readonly webhooks: WebhookDoor;
    /** Per address, in memory, before anything is read. */
    readonly limit: (req: Request) => Promise<void>;
    readonly publicUrl: () => string;
  },
): void {
  const { webhooks, limit, publicUrl } = parts;

  async function answer(req: Request, res: Response): Promise<void> {
    await limit(req).catch((refused: unknown) => {
      webhooks.refused(sourceOf(req), 'rate_limited');
      throw refused;
    });
    const body = await rawBody(req, res).catch((error: unknown) => {
      const refused = bodyError(error);
      if (refused.code === 'input.too_large') webhooks.refused(sourceOf(req), 'too_large');
      if (refused.code === 'http.media_type') webhooks.refused(sourceOf(req), 'encoding');
      throw refused;
    });
    const endpoint = req.params['endpointId'];
    const {
      id,
      repeated,
      answer: said,
    } = await webhooks.receive({
      source: sourceOf(req),
      ...(typeof endpoint === 'string' ? { endpoint } : {}),
      headers: textHeaders(req),
      url: publicUrl() + req.originalUrl,
      parse: parseJson,
      body,
    });
    answerMachine(res, repeated ? 200 : 202, said ?? { text: JSON.stringify({ id }) });
  }

  routes.add('POST', '/webhooks/:source', answer);
  routes.add('POST', '/webhooks/:source/:endpointId', answer);
}

/** Answers without Express's own sending, which looks for a cached copy and makes a tag to compare it by. */
export function answerMachine(
  res: Response,
  status: number,
  said: { readonly text: string; readonly type?: string } = { text: '' },
): void {
  const { text, type = 'application/json; charset=utf-8' } = said;
  res.writeHead(status, {
    ...(text === '' ? {} : { 'Content-Type': type }),
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(text);
}

const sourceOf = (req: Request): string => String(req.params['source'] ?? '');

export function textHeaders({ headers }: Request): Readonly<Record<string, string | undefined>> {
  const texts: Record<string, string | undefined> = {};
  for (const name in headers) {
    const value = headers[name];
    texts[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return texts;
}

/** The bytes as they came, up to the limit. */
export function rawBody(req: Request, res: Response): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    readBytes(req, res, (error?: unknown) => {
      const body: unknown = req.body;
      if (error === undefined) resolve(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
      else reject(error);
    });
  });
}

function bodyError(thrown: unknown): AppError {
  const error = requestErrorOf(thrown);
  if (error.code !== 'http.media_type') return error;
  return new AppError('http.media_type', 'Send the body as it is, without Content-Encoding.', {
    cause: toAppError(thrown),
  });
}

/** @throws AppError `input.not_json`, and `input.invalid` for depth and prototypes. */
function parseJson(body: Buffer): unknown {
  const value = jsonOf(body);
  refuseUnsafe(value);
  return value;
}

function jsonOf(body: Buffer): unknown {
  try {
    if (!isUtf8(body)) throw new TypeError('these bytes are not UTF-8');
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new AppError('input.not_json', 'The body is not JSON in UTF-8. This is: {"type": "x"}', { cause });
  }
}
