// What the console page calls: the same door as the API's, with the session and the form's token.
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { svgToPng } from '../ui/png.ts';
import { afterInput, judged, pressInput, sayInput } from './api-console.ts';
import { isRecord, readForm, readJson } from './body.ts';
import type { FormGuard } from './form-guard.ts';
import { localPath } from './local-path.ts';
import type { ConsoleDoor, ConsoleReply, WebParts } from './options.ts';
import { checkedKey } from './request-ledger.ts';
import { callerOf, stateOf } from './request-state.ts';
import type { Routes } from './routes.ts';

const FORM_LIMIT_BYTES = 1_048_576;

/** JSON is answered with the replies; a form is answered by going back to the console. */
export function addConsolePages(
  routes: Routes,
  console: ConsoleDoor,
  { ids, guard }: Pick<WebParts, 'ids'> & { readonly guard: FormGuard },
): void {
  async function spoken<I extends z.ZodObject>(
    req: Request,
    res: Response,
    input: I,
    act: (input: z.output<I>, key: string) => Promise<readonly ConsoleReply[]>,
  ): Promise<void> {
    const isForm = req.is('application/x-www-form-urlencoded') !== false;
    const body = isForm ? await readForm(req, res, FORM_LIMIT_BYTES) : await readJson(req, res);
    guard.check(req);
    const { _csrf, _effect, _back, ...given } = isRecord(body) ? body : {};
    const key =
      typeof _effect === 'string' ? checkedKey(_effect) : (req.get('Idempotency-Key') ?? ids.fresh('req'));
    const replies = await act(judged(input, given), checkedKey(key));
    if (isForm) res.redirect(303, localPath(_back, '/console'));
    else res.json({ replies });
  }

  routes.add('POST', '/console/messages', async (req, res) => {
    const principal = callerOf(req);
    stateOf(req).operation = 'console.say';
    await spoken(req, res, sayInput, ({ text }, key) => console.say(principal, text, key));
  });
  routes.add('POST', '/console/press', async (req, res) => {
    const principal = callerOf(req);
    stateOf(req).operation = 'console.press';
    await spoken(req, res, pressInput, ({ id }, key) => console.press(principal, id, key));
  });
  routes.add('GET', '/console/messages', async (req, res) => {
    const principal = callerOf(req);
    const { after } = judged(afterInput, { ...req.query });
    res.set('Cache-Control', 'no-store').json(await console.messages(principal, after));
  });
  routes.add('GET', '/console/messages/:message/pictures/:index', async (req, res) => {
    const principal = callerOf(req);
    const index = Number(req.params['index']);
    const png = await svgToPng(await console.picture(principal, String(req.params['message']), index));
    res.set('Cache-Control', 'private, max-age=3600').type('image/png').send(Buffer.from(png));
  });
}
