import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '@event-sourced/kernel/problems';
import express, { type Request, type Response, type Router } from 'express';
import sirv from 'sirv';
import type { Config } from '#schemas/config.ts';
import { type ConsoleSettings, consoleSettings } from './console-settings.ts';

/** Where `npm run console:build` leaves the console's files. */
const built = join(import.meta.dirname, '..', 'console', 'dist');

/**
 * The console: a page at `/`, its files, and what it has to know of this system. It has no rights
 * of its own: it calls the two APIs as whoever uses it.
 */
export function consolePages(config: Config, folder = built): Router {
  const settingsFor = consoleSettings(config);
  const router = express.Router();
  router.get('/console.json', (req, res) => {
    // A page of another site must not read this: it may have tokens.
    for (const name of ['Access-Control-Allow-Origin', 'Access-Control-Expose-Headers']) {
      res.removeHeader(name);
    }
    res.setHeader('Cache-Control', 'no-store');
    res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    res.json(settingsFor(req));
  });
  if (!existsSync(join(folder, 'index.html'))) {
    return router.get('/', (_req, res) => {
      res.status(503).type('txt').send('The console is not built yet: npm run console:build\n');
    });
  }
  const files = sirv(folder, {
    ...{ etag: true, brotli: true, gzip: true },
    setHeaders(res, path) {
      // The names of files in assets/ change with their contents.
      const isFixed = path.startsWith('/assets/');
      res.setHeader('Cache-Control', isFixed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const serve = (req: Request, res: Response) => {
    if (req.path === '/') allow(res, settingsFor(req));
    files(req, res, () => {
      throw new Problem('route-unknown', 'The console has no such file.');
    });
  };
  return router.get('/', serve).get('/favicon.svg', serve).get('/assets/*path', serve);
}

/** Nothing inline, and nothing from elsewhere but the APIs that the page is meant to call. */
function allow(res: Response, { commandApi, oidc }: ConsoleSettings): void {
  const origins = [commandApi, oidc?.issuer, ...(oidc?.origins ?? [])].flatMap((url) =>
    url && !url.startsWith('/') ? [new URL(url).origin] : [],
  );
  const policy = {
    ...{ 'default-src': "'none'", 'script-src': "'self'", 'style-src': "'self'" },
    ...{ 'img-src': "'self' data:", 'font-src': "'self'" },
    'connect-src': ["'self'", ...origins].join(' '),
    ...{ 'base-uri': "'none'", 'form-action': "'none'", 'frame-ancestors': "'none'" },
    'require-trusted-types-for': "'script'",
  };
  const text = Object.entries(policy).map(([name, value]) => `${name} ${value}`);
  res.setHeader('Content-Security-Policy', text.join('; '));
}
