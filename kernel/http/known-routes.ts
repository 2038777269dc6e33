import type { Express, Request, RequestHandler, Response } from 'express';

/** A route that a request goes to, whatever Express would have to look at to find it. */
export type KnownRoute = {
  /** As Express writes it, for metrics and traces. */
  path: string;
  handle(req: Request, res: Response): void | Promise<void>;
};

/** The route of a request to a URL that was asked for before; undefined if there was none. */
export type KnownRoutes = (req: Request) => KnownRoute | undefined;

type Direct = {
  known: () => KnownRoutes | undefined;
  /** What every request needs before its route. */
  begin(req: Request, res: Response): void | Promise<void>;
  /** Answers an error, as for all other routes. */
  fail(error: unknown, req: Request, res: Response): void;
};

/**
 * Sends requests for known URLs straight to their route. To find it again would be work, and
 * garbage, for each request.
 */
export function routeDirectly(app: Express, { known, begin, fail }: Direct): void {
  // Express has this method, but doesn't declare it.
  const express = app as unknown as { handle: RequestHandler };
  const find = express.handle.bind(app);
  express.handle = (req, res, next) => {
    const isRead = req.method === 'GET' || req.method === 'HEAD';
    const route = isRead ? known()?.(req) : undefined;
    if (!route) return find(req, res, next);
    // As Express does, for its own methods of requests.
    req.res = res;
    req.route = route;
    const failed = (error: unknown) => fail(error, req, res);
    try {
      const begun = begin(req, res);
      const done = begun ? begun.then(() => route.handle(req, res)) : route.handle(req, res);
      if (done) done.catch(failed);
    } catch (error) {
      failed(error);
    }
  };
}
