// A small web server with the real content policy, for pages that are drawn in tests.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { assetAt } from '../../src/ui/assets.ts';
import { etagOf } from '../../src/ui/etag.ts';

export const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export interface PageServer {
  readonly url: string;
  /** Posted forms, in order, as they came. */
  readonly posted: readonly { readonly path: string; readonly body: Readonly<Record<string, unknown>> }[];
  close(): Promise<void>;
}

/** Serves what `draw` answers for a path and its query, with the assets beside it; posts lead back. */
export async function startPageServer(
  draw: (path: string, query: Readonly<Record<string, string>>) => string | undefined,
): Promise<PageServer> {
  const posted: { path: string; body: Record<string, unknown> }[] = [];
  const app = express();
  app.set('etag', false);
  app.use((_, response, next) => {
    response.set('content-security-policy', CONTENT_POLICY);
    next();
  });
  app.use(express.urlencoded({ extended: false }));
  app.post(/.*/, (request, response) => {
    posted.push({ path: request.path, body: request.body });
    response.redirect(303, String(request.body._back ?? '/'));
  });
  app.get(/.*/, (request, response) => {
    const asset = assetAt(request.path);
    if (asset) return void response.type(asset.type).send(Buffer.from(asset.bytes));
    const html = draw(request.path, Object.fromEntries(new URL(request.url, 'http://here').searchParams));
    if (html === undefined) return void response.status(404).end();
    return void response
      .set('etag', etagOf(html))
      .set('cache-control', 'private, no-cache')
      .type('html')
      .send(html);
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    posted,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
