// Makes the frame of a page for a request: who looks, the menu they may see, and what just happened.
import type { Request, Response } from 'express';
import type { Principal } from '../core/actor.ts';
import type { Ctx } from '../core/context.ts';
import { holds } from '../core/permissions.ts';
import { DEFAULT_TENANT, withTenant } from '../core/tenant.ts';
import type { Flash, Frame, Query } from '../ui/frame.ts';
import { menuOf } from '../ui/menu.ts';
import type { FormGuard } from './form-guard.ts';
import type { WebServerOptions } from './options.ts';
import { stateOf } from './request-state.ts';

export interface Frames {
  /** The whole frame; counts what waits, and takes the message of the last form. */
  forPage(req: Request, res: Response): Promise<Frame>;
  /** A frame that asks nothing of any service: for errors and for those who are not signed in. */
  plain(req: Request, res: Response): Frame;
  ctxOf(req: Request, principal: Principal, operation: string): Ctx;
}

export function createFrames<S>(options: WebServerOptions<S>, guard: FormGuard): Frames {
  const { pages, services, clock, ids, logger, environment, zone } = options;

  const ctxOf = (req: Request, principal: Principal, operation: string): Ctx => ({
    ...principal,
    operation,
    door: 'page',
    effectKey: stateOf(req).requestId,
    requestId: stateOf(req).requestId,
    now: clock.now(),
  });

  /** A count that fails leaves its page without a number, not the visitor without a page. */
  async function waitingFor(req: Request, principal: Principal): Promise<ReadonlyMap<string, number>> {
    const ctx = { ...ctxOf(req, principal, 'page.frame'), services };
    const asked = pages.filter((page) => page.waiting && holds(principal.actor.role, page.permission));
    const counts = asked.map(async (page) => {
      try {
        return [page.path, (await withTenant(ctx.tenant, async () => page.waiting?.(ctx))) ?? 0] as const;
      } catch (error) {
        logger.warn({ err: error, page: page.path, requestId: ctx.requestId }, 'a count in the menu failed');
        return [page.path, 0] as const;
      }
    });
    return new Map(await Promise.all(counts));
  }

  function frameOf(
    req: Request,
    res: Response,
    extras: { readonly waiting?: ReadonlyMap<string, number>; readonly flash?: Flash | undefined },
  ): Frame {
    const { principal } = stateOf(req);
    const who = principal ?? { tenant: DEFAULT_TENANT, zone, language: 'en' as const };
    return {
      person: principal && { name: principal.actor.name, role: principal.actor.role },
      tenant: who.tenant,
      zone: who.zone,
      language: who.language,
      environment,
      menu: principal ? menuOf(pages, principal.actor.role, extras.waiting) : [],
      csrfToken: principal ? guard.tokenFor(req, res) : '',
      path: req.path,
      query: queryOf(req),
      now: clock.now(),
      freshEffect: () => ids.secret(18),
      flash: extras.flash,
    };
  }

  return {
    forPage: async (req, res) => {
      const { principal } = stateOf(req);
      if (!principal) return frameOf(req, res, {});
      const waiting = await waitingFor(req, principal);
      return frameOf(req, res, { waiting, flash: takeFlash(req) });
    },
    plain: (req, res) => frameOf(req, res, {}),
    ctxOf,
  };
}

/** The query string as plain texts: of a name that came twice the last counts. */
export function queryOf(req: Request): Query {
  return Object.fromEntries(
    Object.entries(req.query).map(([name, value]) => [
      name,
      String((Array.isArray(value) ? value.at(-1) : value) ?? ''),
    ]),
  );
}

/** A polling region must not swallow the message that the person has not seen yet. */
function takeFlash(req: Request): Flash | undefined {
  const { flash } = req.session;
  if (flash === undefined || req.get('HX-Request') !== undefined) return undefined;
  delete req.session.flash;
  return flash;
}
