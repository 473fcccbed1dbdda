// The batch API of facts: NDJSON or a JSON array in, one result for each row out, by the operation `ingest.rows`.
import express, { type Request, type Response } from 'express';
import { AppError } from '../core/errors.ts';
import { JSON_LIMIT_BYTES } from './body.ts';
import { callerOf } from './request-state.ts';
import type { Routes } from './routes.ts';
import { idempotencyKeyOf, type RunOperation } from './run-operation.ts';

const LIMIT_BYTES = 8 * JSON_LIMIT_BYTES;
const TYPES = ['application/x-ndjson', 'application/jsonl', 'application/json', 'text/plain'];
const readText = express.text({ type: TYPES, limit: LIMIT_BYTES });

/** 200 when every row was taken or known, 207 when some were refused, 422 when all were. */
export function addIngestDoor(routes: Routes, run: RunOperation): void {
  routes.add('POST', '/api/ingest/:stream', async (req, res) => {
    callerOf(req);
    const { source } = req.query;
    const raw = {
      stream: req.params['stream'],
      content: await textOf(req, res),
      ...(source === undefined ? {} : { source }),
    };
    const call = { operation: 'ingest.rows', raw, door: 'http', key: idempotencyKeyOf(req) } as const;
    const { output } = await run(req, call);
    res.status(statusOf(output)).json(output);
  });
}

async function textOf(req: Request, res: Response): Promise<string> {
  if (!req.is(TYPES))
    throw new AppError(
      'http.media_type',
      'Send rows as NDJSON (application/x-ndjson) or as a JSON array (application/json).',
    );
  await new Promise<void>((resolve, reject) => {
    void readText(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  const body: unknown = req.body;
  return typeof body === 'string' ? body : '';
}

function statusOf(output: unknown): 200 | 207 | 422 {
  const counts = output && typeof output === 'object' && 'counts' in output ? output.counts : {};
  const entries = Object.entries(counts ?? {});
  const rejected = Number(entries.find(([result]) => result === 'rejected')?.[1] ?? 0);
  if (rejected === 0) return 200;
  const all = entries.reduce((sum, [, count]) => sum + Number(count), 0);
  return rejected === all ? 422 : 207;
}
