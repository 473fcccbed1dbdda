// Files that operations hand out: sent at an operation's own address, and to a signed-in person from a page's link.
import type { Response } from 'express';
import { download } from '../core/download.ts';
import { AppError } from '../core/errors.ts';
import { fieldsOf } from '../core/fields.ts';
import type { WebParts } from './options.ts';
import { toSignIn } from './page-host.ts';
import { stateOf } from './request-state.ts';
import type { Routes } from './routes.ts';
import type { RunOperation } from './run-operation.ts';
import { typedInput } from './typed-input.ts';

export function addDownloads(
  routes: Routes,
  { dispatcher }: Pick<WebParts, 'dispatcher'>,
  run: RunOperation,
): void {
  routes.add('GET', '/admin/downloads/:name', async (req, res) => {
    if (!stateOf(req).principal) return toSignIn(res);
    const verb = dispatcher.verbs.get(String(req.params['name']));
    if (!verb?.download || verb.effect !== 'read')
      throw new AppError('http.not_found', 'There is no file at this address.');
    const raw = typedInput(fieldsOf(verb.input), req.query);
    const { output } = await run(req, { operation: verb.name, raw, door: 'page', key: undefined });
    sendDownload(res, output);
  });
}

/** Sends the file of an output piece by piece. @throws ZodError for an output that is no file: a fault of the declaration. */
export function sendDownload(res: Response, output: unknown): void {
  const { fileName, mediaType, content } = download.parse(output);
  res.status(200).set({
    'Content-Type': mediaType,
    'Content-Disposition': `attachment; filename="${fileName}"`,
    'Cache-Control': 'private, no-store',
  });
  for (const piece of content) res.write(piece);
  res.end();
}
