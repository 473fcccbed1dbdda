// Reads bodies with a limit each, and refuses JSON that is too deep or would reach for prototypes.
import express, { type Request, type RequestHandler, type Response } from 'express';
import type { Verb } from '../core/dispatcher.ts';
import { AppError } from '../core/errors.ts';

export const JSON_LIMIT_BYTES = 1_048_576;
const MAX_DEPTH = 32;
const TEXT_TYPES = ['text/csv', 'text/plain', 'application/x-ndjson'];

/** Whether a body was sent at all. */
const hasBody = (req: Request): boolean =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

/**
 * The JSON of a body; `{}` when there is none.
 * @throws AppError `http.media_type`, `input.too_large`, `input.not_json`, `input.invalid` for depth and prototypes.
 */
export async function readJson(req: Request, res: Response, limitBytes = JSON_LIMIT_BYTES): Promise<unknown> {
  if (!hasBody(req)) return {};
  if (!req.is('application/json'))
    throw new AppError('http.media_type', 'Send the body as JSON, with “Content-Type: application/json”.');
  await run(express.json({ limit: limitBytes, strict: false }), req, res);
  const body: unknown = req.body;
  refuseUnsafe(body);
  return body;
}

/** The fields of a posted form: texts, or lists of texts where a name came more than once. */
export async function readForm(
  req: Request,
  res: Response,
  limitBytes: number,
): Promise<Readonly<Record<string, unknown>>> {
  if (!hasBody(req)) return {};
  if (!req.is('application/x-www-form-urlencoded'))
    throw new AppError('http.media_type', 'Send the form as application/x-www-form-urlencoded.');
  await run(express.urlencoded({ extended: false, limit: limitBytes }), req, res);
  const body: unknown = req.body;
  return { ...(isRecord(body) ? body : {}) };
}

/** The text of a file sent as the body itself; undefined when the body is of another kind. */
export async function readFileText(req: Request, res: Response, verb: Verb): Promise<string | undefined> {
  if (!verb.file || !req.is(TEXT_TYPES)) return undefined;
  await run(express.text({ type: TEXT_TYPES, limit: verb.file.maxBytes }), req, res);
  const body: unknown = req.body;
  return typeof body === 'string' ? body : '';
}

/** How large the JSON around a file may be: escapes can double the text, and the rest has its own limit. */
export function jsonLimitOf(verb: Verb | undefined): number {
  return verb?.file ? JSON_LIMIT_BYTES + 2 * verb.file.maxBytes : JSON_LIMIT_BYTES;
}

/** How large a form around a file may be: every byte may be escaped into three. */
export function formLimitOf(verb: Verb | undefined): number {
  return verb?.file ? JSON_LIMIT_BYTES + 3 * verb.file.maxBytes : JSON_LIMIT_BYTES;
}

/** @throws AppError `input.too_large` when the file's text is above the limit that its operation declares. */
export function refuseLargeFile(verb: Verb, raw: Readonly<Record<string, unknown>>): void {
  if (!verb.file) return;
  const { field, maxBytes } = verb.file;
  const text = raw[field];
  if (typeof text !== 'string' || Buffer.byteLength(text) <= maxBytes) return;
  throw new AppError('input.too_large', `“${field}” is larger than ${maxBytes} bytes, the most taken here.`);
}

/** @throws AppError `input.invalid` naming what is wrong. */
export function refuseUnsafe(value: unknown): void {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 1 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth > MAX_DEPTH)
      throw new AppError('input.invalid', `The body is nested deeper than ${MAX_DEPTH} levels.`);
    for (const [key, entry] of Object.entries(next.value)) {
      refuseKey(key);
      waiting.push({ value: entry, depth: next.depth + 1 });
    }
  }
}

/** @throws AppError `input.invalid` for a name that would reach an object's prototype. */
export function refuseKey(key: string): void {
  if (key === '__proto__' || key === 'constructor' || key === 'prototype')
    throw new AppError('input.invalid', `A field may not be called “${key}”.`);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function run(parse: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void parse(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
}
