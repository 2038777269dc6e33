import { METHODS } from 'node:http';
import type { Express, RequestHandler, Router } from 'express';
import { Problem } from '../problems.ts';

type Layer = Router['stack'][number] & { match(path: string): boolean; slash?: boolean };

/**
 * Answers requests without a route: 405 with `Allow` if other methods have one, else 404.
 * @param routes routes of the app that it asks in a way of its own.
 */
export function unmatched(app: Express, routes?: Router): RequestHandler {
  const methodsAt = (path: string) =>
    methodsFor([...app.router.stack, ...(routes?.stack ?? [])] as Layer[], path);
  return (req, res) => {
    const methods = methodsAt(req.path);
    if (methods.size === 0) {
      const listed = methodsAt('/docs').size > 0;
      const detail = `There is nothing at ${req.path.slice(0, 200)}`;
      throw new Problem('route-unknown', listed ? `${detail}; /docs lists what is.` : `${detail}.`);
    }
    const allowed = METHODS.filter((method) => methods.has(method)).join(', ');
    res.setHeader('Allow', allowed);
    throw new Problem('method-not-allowed', `It takes ${allowed}, not ${req.method}.`);
  };
}

/** The methods of all routes that match the path, including those in routers mounted at `/`. */
function methodsFor(stack: Layer[], path: string): Set<string> {
  const methods = new Set<string>();
  for (const layer of stack) {
    if (layer.route && layer.match(path)) {
      for (const { method } of layer.route.stack) methods.add(method.toUpperCase());
    }
    const nested = (layer.handle as Partial<Router>).stack;
    if (nested) for (const method of methodsFor(nested as Layer[], path)) methods.add(method);
  }
  if (methods.has('GET')) methods.add('HEAD');
  return methods;
}
