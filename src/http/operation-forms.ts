// Forms of pages: an operation run from posted fields, answered by going back with a message.
import type { Request, Response } from 'express';
import { mayDo } from '../core/actor.ts';
import type { Verb } from '../core/dispatcher.ts';
import { AppError } from '../core/errors.ts';
import { problemsOf } from '../core/problems.ts';
import { reply, withStatus } from '../core/reply.ts';
import { postedTexts, rawFromForm } from '../ui/form-input.ts';
import type { Flash } from '../ui/frame.ts';
import { formLimitOf, readForm, refuseKey, refuseLargeFile } from './body.ts';
import { confirmPage } from './confirm-page.tsx';
import type { FormGuard } from './form-guard.ts';
import type { Frames } from './frames.ts';
import { localPath } from './local-path.ts';
import type { WebParts } from './options.ts';
import { sendPage } from './page-host.ts';
import { requestErrorOf } from './problem.ts';
import { callerOf, stateOf } from './request-state.ts';
import type { Routes } from './routes.ts';
import type { RunOperation } from './run-operation.ts';
import { saveSession } from './sessions.ts';

/** Longer texts are not kept for showing a refused form again. */
const KEPT_TEXT_LENGTH = 2_000;

interface Parts extends Pick<WebParts, 'dispatcher' | 'logger'> {
  readonly run: RunOperation;
  readonly guard: FormGuard;
  readonly frames: Frames;
}

type Posted = Readonly<Record<string, unknown>>;

export function addOperationForms(routes: Routes, parts: Parts): void {
  const { dispatcher, guard, frames } = parts;
  routes.add('POST', '/admin/operations/:name', async (req, res) => {
    const { actor } = callerOf(req);
    const name = String(req.params['name']);
    const verb = dispatcher.verbs.get(name);
    const posted = await readForm(req, res, formLimitOf(verb));
    guard.check(req);
    for (const field of Object.keys(posted)) refuseKey(field);
    const back = localPath(posted['_back'], '/admin');
    if (!verb) throw new AppError('input.unknown_operation', `There is no verb “${name}”.`);
    const raw = rawFromForm(verb.input, posted);
    const asks =
      verb.danger === 'confirm' &&
      posted['_confirmed'] !== 'yes' &&
      mayDo(actor, verb.permission) &&
      problemsOf(verb.input, raw).length === 0;
    if (asks) return sendPage(res, confirmPage(frames.plain(req, res), verb, posted, back));
    req.session.flash = await outcomeOf(req, parts, verb, posted, raw);
    await saveSession(req);
    res.redirect(303, back);
  });
}

/** @throws AppError `permission.denied`: who may not do it shall not be sent back to try again. */
async function outcomeOf(
  req: Request,
  { run, logger }: Parts,
  verb: Verb,
  posted: Posted,
  raw: Posted,
): Promise<Flash> {
  const key = typeof posted['_effect'] === 'string' ? posted['_effect'] : undefined;
  try {
    refuseLargeFile(verb, raw);
    const { reply } = await run(req, { operation: verb.name, raw, door: 'page', key });
    return { role: 'status', reply };
  } catch (thrown) {
    const error = requestErrorOf(thrown);
    if (error.code === 'permission.denied') throw error;
    const { requestId } = stateOf(req);
    if (error.kind === 'bug') logger.error({ requestId, err: error, cause: error.cause }, error.message);
    return refusal(error, requestId, verb, posted);
  }
}

function refusal(error: AppError, requestId: string, verb: Verb, posted: Posted): Flash {
  const ours = error.kind === 'bug' || error.kind === 'unavailable';
  const input = Object.fromEntries(
    Object.entries(postedTexts(posted, verb.sensitive)).filter(([, text]) => text.length <= KEPT_TEXT_LENGTH),
  );
  return {
    role: 'alert',
    reply: withStatus('act', reply(error.publicMessage)),
    ...(ours ? { requestId } : {}),
    form: { operation: verb.name, input, problems: error.fields },
  };
}

/** Reads a small form of a signed-in person and checks that it is theirs. @throws AppError `auth.csrf` */
export async function readGuardedForm(req: Request, res: Response, guard: FormGuard): Promise<Posted> {
  callerOf(req);
  const posted = await readForm(req, res, formLimitOf(undefined));
  guard.check(req);
  return posted;
}
