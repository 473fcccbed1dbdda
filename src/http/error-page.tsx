// An error as a page: what happened, in a sentence, with a reference and a way on.

import { STATUS_CODES } from 'node:http';
import type { Request } from 'express';
import type { AppError } from '../core/errors.ts';
import type { Frame } from '../ui/frame.ts';
import { renderPage } from '../ui/layout.tsx';
import { statusOf } from './problem.ts';

/** Paths that machines use: they get problem documents, and no session is looked for. */
const MACHINE_PATHS = /^\/(?:api|health|metrics|assets|webhooks|slack|telegram)(?:\/|$)/;

export const isForMachines = (req: Request): boolean => MACHINE_PATHS.test(req.path);

/** Whether a person's browser asks: scripts do not name HTML in what they accept. */
export function wantsPage(req: Request): boolean {
  return !isForMachines(req) && /\btext\/html\b/.test(req.get('Accept') ?? '');
}

export function errorPage(frame: Frame, error: AppError, requestId: string): string {
  const status = statusOf(error);
  return renderPage(
    frame,
    STATUS_CODES[status] ?? 'Error',
    <>
      <p>{error.publicMessage}</p>
      <p>{frame.person ? <a href="/admin">Go to the overview</a> : <a href="/admin/login">Sign in</a>}</p>
      <p className="quiet-text">
        {status} {error.code}, reference <code>{requestId}</code>
      </p>
    </>,
  );
}
