// Serves the declared pages: signed in, permitted, framed, and answered with 304 while nothing has changed.
import type { Request, Response } from 'express';
import { AppError } from '../core/errors.ts';
import { holds, permissions } from '../core/permissions.ts';
import { withTenant } from '../core/tenant.ts';
import { auditEntry } from '../core/trace.ts';
import { assetAt } from '../ui/assets.ts';
import { etagOf } from '../ui/etag.ts';
import { menuOf } from '../ui/menu.ts';
import type { Page } from '../ui/page.ts';
import { type Frames, queryOf } from './frames.ts';
import { nothingHere } from './not-found.ts';
import type { WebServerOptions } from './options.ts';
import { stateOf } from './request-state.ts';
import type { Answer, Routes } from './routes.ts';

const HOME = '/admin';

export function addPages<S>(routes: Routes, options: WebServerOptions<S>, frames: Frames): void {
  for (const page of options.pages) routes.add('GET', page.path, answerPage(page, options, frames));
  routes.add('GET', '/', (_req, res) => res.redirect(303, HOME));
  if (!options.pages.some((page) => page.path === HOME)) routes.add('GET', HOME, firstPage(options));
  routes.add('GET', '/assets/:file', (req, res) => {
    const asset = assetAt(req.path);
    if (!asset) throw nothingHere();
    res.set('Cache-Control', 'public, max-age=31536000, immutable');
    res.type(asset.type).send(Buffer.from(asset.bytes));
  });
}

function answerPage<S>(page: Page<S>, options: WebServerOptions<S>, frames: Frames): Answer {
  const { services, auditDirectly } = options;
  return async (req, res) => {
    const { principal } = stateOf(req);
    if (!principal) return toSignIn(res);
    const ctx = frames.ctxOf(req, principal, `page ${page.path}`);
    if (!holds(principal.actor.role, page.permission)) {
      await auditDirectly(ctx.tenant, ctx.now, auditEntry(ctx, 'denied', { target: '' }));
      throw denied(page, principal.actor.role);
    }
    const frame = await frames.forPage(req, res);
    const query = { ...queryOf(req), ...paramsOf(req) };
    const { html } = await withTenant(ctx.tenant, () => page.render({ ...ctx, services }, query, frame));
    sendPage(res, html);
  };
}

/** Sends a document that the browser may keep but must ask about. */
export function sendPage(res: Response, html: string, status = 200): void {
  res
    .status(status)
    .set('Cache-Control', 'private, no-cache')
    .set('ETag', etagOf(html))
    .type('html')
    .send(html);
}

export function toSignIn(res: Response): void {
  res.redirect(303, '/admin/login');
}

/** Without a page of its own, the start is the first entry of the person's menu. */
function firstPage<S>(options: WebServerOptions<S>): Answer {
  return (req, res) => {
    const { principal } = stateOf(req);
    if (!principal) return toSignIn(res);
    const [first] = menuOf(options.pages, principal.actor.role);
    if (!first) throw nothingHere();
    res.redirect(303, first.path);
  };
}

function paramsOf(req: Request): Record<string, string> {
  return Object.fromEntries(Object.entries(req.params).map(([name, value]) => [name, String(value)]));
}

function denied(page: Pick<Page<never>, 'permission'>, role: string): AppError {
  const needed = permissions[page.permission];
  return new AppError(
    'permission.denied',
    `Your role is ${role}. This page needs ${page.permission} (to ${needed.allows}), which ${needed.role}s hold.`,
  );
}
