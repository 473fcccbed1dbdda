// The console over the API: say something, press a button, read what was pushed.
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Ids } from '../core/ids.ts';
import { invalidInput, problemsOf } from '../core/problems.ts';
import { readJson } from './body.ts';
import type { ConsoleDoor } from './options.ts';
import { checkedKey } from './request-ledger.ts';
import { callerOf, stateOf } from './request-state.ts';
import type { Routes } from './routes.ts';
import { idempotencyKeyOf } from './run-operation.ts';

export const sayInput = z.strictObject({
  text: z.string().trim().min(1).max(100_000).describe('what is said').meta({ example: 'tasks' }),
});
export const pressInput = z.strictObject({
  id: z.string().min(1).max(200).describe('the id of a button').meta({ example: 'btn_4mq0x9' }),
});
export const afterInput = z.strictObject({
  after: z.string().min(1).max(200).exactOptional().describe('what `next` was in the answer before'),
});

/** Judges input by its schema. @throws AppError `input.invalid` naming each problem. */
export function judged<I extends z.ZodObject>(input: I, raw: unknown): z.output<I> {
  const problems = problemsOf(input, raw);
  if (problems.length > 0) throw invalidInput(problems);
  return input.parse(raw);
}

export function addConsoleApi(routes: Routes, console: ConsoleDoor, ids: Ids): void {
  const keyOf = (req: Request): string => {
    const key = idempotencyKeyOf(req);
    return key === undefined ? ids.fresh('req') : checkedKey(key);
  };
  const body = async <I extends z.ZodObject>(req: Request, res: Response, input: I) =>
    judged(input, await readJson(req, res));

  routes.add('POST', '/api/console/messages', async (req, res) => {
    const principal = callerOf(req);
    const { text } = await body(req, res, sayInput);
    stateOf(req).operation = 'console.say';
    res.json({ replies: await console.say(principal, text, keyOf(req)) });
  });
  routes.add('POST', '/api/console/press', async (req, res) => {
    const principal = callerOf(req);
    const { id } = await body(req, res, pressInput);
    stateOf(req).operation = 'console.press';
    res.json({ replies: await console.press(principal, id, keyOf(req)) });
  });
  routes.add('GET', '/api/console/messages', async (req, res) => {
    const principal = callerOf(req);
    const { after } = judged(afterInput, { ...req.query });
    res.json(await console.messages(principal, after));
  });
}
