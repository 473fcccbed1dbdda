// Operations over HTTP: by name under /api/operations, and each at the path it declares.
import type { Response } from 'express';
import { z } from 'zod';
import type { Verb } from '../core/dispatcher.ts';
import { AppError } from '../core/errors.ts';
import { fieldsOf } from '../core/fields.ts';
import type { HttpPath, Outcome } from '../core/operation.ts';
import { isRecord, jsonLimitOf, readFileText, readJson, refuseLargeFile } from './body.ts';
import { sendDownload } from './downloads.ts';
import type { WebParts } from './options.ts';
import { callerOf } from './request-state.ts';
import type { Answer, Routes } from './routes.ts';
import { idempotencyKeyOf, type RunOperation } from './run-operation.ts';
import { typedInput } from './typed-input.ts';

/** One operation as `GET /api/operations` lists it. */
function listed(verb: Verb) {
  const byName: HttpPath = { method: 'POST', path: `/api/operations/${verb.name}` };
  return {
    name: verb.name,
    summary: verb.summary.en,
    permission: verb.permission,
    effect: verb.effect,
    danger: verb.danger,
    input: z.toJSONSchema(verb.input, { io: 'input' }),
    paths: verb.http ? [byName, verb.http] : [byName],
  };
}

export function addOperationRoutes(
  routes: Routes,
  { dispatcher }: Pick<WebParts, 'dispatcher'>,
  run: RunOperation,
): void {
  const cards = new Map([...dispatcher.verbs.values()].map((verb) => [verb.name, listed(verb)]));
  routes.add('GET', '/api/operations', (req, res) => {
    const allowed = dispatcher.allowedTo(callerOf(req).actor);
    res.json({ operations: allowed.map((verb) => cards.get(verb.name)) });
  });
  routes.add('POST', '/api/operations/:name', async (req, res) => {
    callerOf(req);
    const operation = String(req.params['name']);
    const verb = dispatcher.verbs.get(operation);
    const raw = await readJson(req, res, jsonLimitOf(verb));
    if (verb && isRecord(raw)) refuseLargeFile(verb, raw);
    const outcome = await run(req, { operation, raw, door: 'http', key: idempotencyKeyOf(req) });
    sendOutcome(res, outcome, ({ output }) => ({ output }));
  });
  for (const { verb, http } of ownPaths([...dispatcher.verbs.values()]))
    routes.add(http.method, http.path, answerAt(verb, http, run));
}

/** Paths with fewer parameters first, so that `/tasks/pending` is not taken for a task. */
function ownPaths(verbs: readonly Verb[]): { verb: Verb; http: HttpPath }[] {
  const paths = verbs.flatMap((verb) => (verb.http ? [{ verb, http: verb.http }] : []));
  const parameters = (path: string): number => path.split(':').length;
  return paths.sort((one, other) => parameters(one.http.path) - parameters(other.http.path));
}

function answerAt(verb: Verb, { method }: HttpPath, run: RunOperation): Answer {
  const specs = fieldsOf(verb.input);
  const inQuery = method === 'GET' || method === 'DELETE';
  return async (req, res) => {
    callerOf(req);
    const params = typedInput(specs, req.params);
    const fileText = await readFileText(req, res, verb);
    const raw =
      inQuery || fileText !== undefined
        ? typedInput(specs, req.query)
        : objectOf(await readJson(req, res, jsonLimitOf(verb)));
    const file = verb.file && fileText !== undefined ? { [verb.file.field]: fileText } : {};
    const input = { ...raw, ...params, ...file };
    refuseLargeFile(verb, input);
    const call = { operation: verb.name, raw: input, door: 'http', key: idempotencyKeyOf(req) } as const;
    const outcome = await run(req, call);
    if (verb.download) sendDownload(res, outcome.output);
    else sendOutcome(res, outcome, ({ output }) => output);
  };
}

/** What waits for approval is not done: 202 with the request and where it can be watched. */
function sendOutcome(res: Response, outcome: Outcome, body: (outcome: Outcome) => unknown): void {
  if (outcome.approval === undefined) res.json(body(outcome));
  else res.status(202).location(`/api/approvals/${outcome.approval}`).json(outcome.output);
}

function objectOf(body: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(body)) return body;
  throw new AppError('input.invalid', 'The body is an object, such as {"limit": 5}.');
}
