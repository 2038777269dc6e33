import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Response, type Router } from 'express';
import type { ApiDocument } from '../openapi/document.ts';

const pages = fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json'));
const inPackage = (name: string) => readFileSync(join(dirname(pages), name));

/** The page loads nothing from other hosts and has no inline scripts, so the policy allows none. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `GET /openapi.json`, and `GET /docs`: a page that shows the document and sends requests. */
export function docsRouter(document: ApiDocument): Router {
  const router = express.Router();
  const files: Record<string, { type: string; body: Buffer }> = {
    '/openapi.json': { type: 'json', body: Buffer.from(JSON.stringify(document)) },
    '/docs': { type: 'html', body: Buffer.from(page(document.info.title)) },
    '/docs/page.css': { type: 'css', body: readFileSync(join(import.meta.dirname, 'docs.css')) },
    '/docs/page.js': { type: 'js', body: readFileSync(join(import.meta.dirname, 'docs-page.js')) },
    '/docs/swagger-ui.css': { type: 'css', body: inPackage('swagger-ui.css') },
    '/docs/swagger-ui-bundle.js': { type: 'js', body: inPackage('swagger-ui-bundle.js') },
    '/docs/icon.png': { type: 'png', body: inPackage('favicon-32x32.png') },
  };
  for (const [path, { type, body }] of Object.entries(files)) {
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`;
    router.get(path, (_req, res: Response) => {
      res.setHeader('Cache-Control', 'no-cache');
      res.setHeader('ETag', etag);
      if (type === 'html') res.setHeader('Content-Security-Policy', pagePolicy);
      res.type(type).send(body);
    });
  }
  return router;
}

const page = (title: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" type="image/png" href="/docs/icon.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/page.css">
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/page.js" defer></script>
</head>
<body>
<noscript>
This page needs scripts; <a href="/openapi.json">the document itself</a> needs none.
</noscript>
<main id="api"></main>
</body>
</html>
`;
