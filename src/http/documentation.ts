// The API's documentation, browsable offline: Swagger UI from the package, started by a file of our own.
import express from 'express';
import { getAbsoluteFSPath } from 'swagger-ui-dist';
import { nothingHere } from './not-found.ts';
import { openApiDocument } from './openapi.ts';
import type { WebParts } from './options.ts';
import type { Routes } from './routes.ts';

const INITIALIZER = `window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: '/api/documentation.json',
    dom_id: '#swagger-ui',
    presets: [SwaggerUIBundle.presets.apis],
    layout: 'BaseLayout',
    validatorUrl: null,
  });
};
`;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · Wardroom</title>
<link rel="icon" type="image/png" href="/api/documentation/favicon-32x32.png">
<link rel="stylesheet" href="/api/documentation/swagger-ui.css">
<script src="/api/documentation/swagger-ui-bundle.js" defer></script>
<script src="/api/documentation/swagger-initializer.js" defer></script>
</head>
<body><div id="swagger-ui"></div></body>
</html>
`;

const FILES = /^\/(swagger-ui\.css|swagger-ui-bundle\.js|favicon-32x32\.png)$/;

export function addDocumentation(
  routes: Routes,
  options: Pick<WebParts, 'dispatcher' | 'version' | 'webhooks'>,
  publicUrl: () => string,
): void {
  let document: string | undefined;
  routes.add('GET', '/api/documentation.json', (_req, res) => {
    document ??= JSON.stringify(
      openApiDocument([...options.dispatcher.verbs.values()], {
        version: options.version,
        url: publicUrl(),
        inbound: options.webhooks?.sources ?? [],
      }),
    );
    res.type('application/json').send(document);
  });
  routes.add('GET', '/api/documentation', (_req, res) => {
    res.type('html').send(PAGE);
  });
  routes.add('GET', '/api/documentation/swagger-initializer.js', (_req, res) => {
    res.type('text/javascript').send(INITIALIZER);
  });
  const files = express.static(getAbsoluteFSPath(), { index: false, fallthrough: false, maxAge: '1h' });
  routes.add('GET', '/api/documentation/:file', (req, res) => {
    req.url = req.url.replace(/^\/api\/documentation/, '');
    return new Promise((resolve, reject) => {
      if (!FILES.test(req.path)) return reject(nothingHere());
      res.on('close', resolve);
      void files(req, res, reject);
    });
  });
}
