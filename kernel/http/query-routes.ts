import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { operator } from '../auth/roles.ts';
import { type ConsistencyToken, formatToken, parseTokens } from '../consistency-token.ts';
import type { Deprecation } from '../deprecation.ts';
import type { LogPlaces } from '../log/log-places.ts';
import type { Operations } from '../operations/operations.ts';
import type { KeyRing } from '../personal/key-ring.ts';
import { Problem } from '../problems.ts';
import type { Params, Query, Route } from '../query.ts';
import { type Answer, answering } from '../reading/answering.ts';
import { asOfName } from '../reading/as-of-name.ts';
import { type Asked, asked as askedFor } from '../reading/asked.ts';
import type { SharedLimits } from '../reading/read-limits.ts';
import type { ReadModels } from '../reading/read-models.ts';
import { type Access, accessFor, accessForAnybody } from './authenticated.ts';
import { writeHeaders } from './common-headers.ts';
import { announcing } from './deprecation.ts';
import { input } from './input.ts';
import type { KnownRoute, KnownRoutes } from './known-routes.ts';
import { clientAddress } from './rate-limits.ts';

export type QueryRoutesOptions = {
  queries: readonly Query[];
  readModels: ReadModels;
  /** The id of the log that the read models are made from, and what tokens of it may name. */
  log: string;
  places: Pick<LogPlaces, 'check'>;
  limits: SharedLimits;
  operations?: Operations | undefined;
  /** The keys of text of people, and the topic of their events; null if none is encrypted. */
  keys?: { ring: KeyRing; topic: string } | null;
};

export type QueryRoutes = {
  router: Router;
  /** The routes of URLs that were asked for before. */
  known: KnownRoutes;
};

/** The routes of each query: authenticates, parses, waits for the token's events and answers. */
export function queryRoutes(options: QueryRoutesOptions): QueryRoutes {
  const { queries, limits } = options;
  const router = express.Router();
  const known = new WeakMap<Asked, KnownRoute>();
  for (const definition of queries) {
    const { read, answer } = handling(definition, options);
    const add = (route: Route, deprecated: Deprecation | undefined, ...before: Renaming[]) => {
      const path = pathOf(route);
      const remembered = (req: Request) => {
        const asked = read(req);
        // Handlers before this one set the headers of a route that is to go.
        if (!deprecated) known.set(asked, { path, handle: answer(() => asked) });
        return asked;
      };
      const handle = answer((req) => limits.urls.of(req.originalUrl, () => remembered(req)));
      router.get(path, ...announcing(deprecated), ...before, handle);
    };
    const { route: own, deprecated: toGo, aliases = [] } = definition;
    add(own, toGo);
    for (const { route, params, deprecated = toGo } of aliases) {
      add(route, deprecated, ...(params ? [renamed(params)] : []));
    }
  }
  const routeOf = ({ url }: Request) => {
    const asked = limits.urls.known(url);
    return asked && known.get(asked);
  };
  return { router, known: routeOf };
}

export const pathOf = (route: Route): string => route.slice('GET '.length);

type Renaming = RequestHandler<Params>;

const renamed =
  (params: (params: Params) => Params): Renaming =>
  (req, _res, next) => {
    req.params = params(req.params);
    next();
  };

export function accessTo({ for: who = 'anybody' }: Pick<Query, 'for'>): Access {
  switch (who) {
    case 'anybody':
      return accessForAnybody;
    case 'authenticated':
      return accessFor(null);
    default:
      return accessFor(who);
  }
}

/** How requests to a query are read, and answered. */
function handling(definition: Query, options: QueryRoutesOptions) {
  const { log } = options;
  const inputOf = input(definition.input, { elsewhere: ['consistency', 'asOf'] });
  const checkAccess = accessTo(definition);
  const answerTo = answering(definition, options);
  const read = (req: Request): Asked => {
    const { asOf, consistency } = req.query;
    // Who may not read it is told so before what else is wrong.
    asOfIn({ asOf }, req);
    return askedFor(definition, inputOf(req), { asOf, consistency });
  };
  const answer = (askedBy: (req: Request) => Asked) => (req: Request, res: Response) => {
    checkAccess(req);
    const asked = askedBy(req);
    const asOf = asOfIn(asked, req);
    const wanted = wantedToken(asked, req, log);
    // Views as of a time never move, so there is nothing to wait for.
    const waitMs = wanted && asOf === null ? preferredWaitMs(req, res) : 0;
    const { caller } = req;
    const address = clientAddress(req);
    let signal: AbortSignal | undefined;
    const gone = () => {
      signal ??= goneOf(res);
      return signal;
    };
    const answered = answerTo({ asked, caller, address, asOf, wanted, waitMs, gone });
    if (!(answered instanceof Promise)) return send(req, res, answered);
    return answered.then(
      (one) => {
        if (!signal?.aborted) send(req, res, one);
      },
      (error: unknown) => {
        if (!signal?.aborted) throw error;
      },
    );
  };
  return { read, answer };
}

/** Aborted when the client closes its request before it has the answer. */
export function goneOf(res: Response): AbortSignal {
  const gone = new AbortController();
  const close = () => {
    if (!res.writableFinished) gone.abort();
  };
  // It may have done so while its token was checked.
  if (res.closed) close();
  else res.once('close', close);
  return gone.signal;
}

function send(req: Request, res: Response, { body, bytes, etag, seen }: Answer): void {
  const headers = ['Consistency-Token', formatToken(seen), 'ETag', etag];
  headers.push('Cache-Control', req.caller ? 'private, no-cache' : 'no-cache');
  if (res.hasHeader('Vary')) res.vary('Authorization');
  else headers.push('Vary', 'Authorization');
  if (req.headers['if-none-match'] !== undefined) {
    // Express compares with the header of the answer.
    res.setHeader('ETag', etag);
    if (req.fresh) {
      writeHeaders(res, 304, headers);
      return void res.end();
    }
  }
  headers.push('Content-Type', 'application/json; charset=utf-8', 'Content-Length', String(bytes));
  writeHeaders(res, 200, headers);
  res.end(req.method === 'HEAD' ? undefined : body);
}

/** The name after `asOf`, for operators only; null reads the views as they are now. */
function asOfIn({ asOf }: Pick<Asked, 'asOf'>, { caller }: Request): string | null {
  if (asOf === undefined) return null;
  if (!caller) throw new Problem('unauthorized', 'To read with `asOf` needs a token.');
  if (!caller.roles.has(operator)) {
    throw new Problem('forbidden', 'To read with `asOf` needs the role operator.');
  }
  if (typeof asOf === 'string' && asOfName.test(asOf)) return asOf;
  const message = 'has to be 1 to 64 letters, digits, _ or -';
  const errors = [{ path: 'asOf', message }];
  throw new Problem('invalid-input', `asOf ${message}.`, { errors });
}

export function wantedToken(
  { consistency }: Pick<Asked, 'consistency'>,
  { headers }: Request,
  log: string,
): ConsistencyToken | null {
  const header = headers['consistency-token'];
  if (header === undefined && consistency === undefined) return null;
  const given = [header, consistency].flat();
  const text = given.filter((token) => token !== undefined).join(',');
  return text === '' ? null : parseTokens(text, log);
}

/** `Prefer: wait=N` (RFC 7240), at most 10 s; 2 s without it. */
export function preferredWaitMs(req: Request, res: Response): number {
  const [, seconds] = /(?:^|[,;\s])wait\s*=\s*"?(\d+)/i.exec(req.get('Prefer') ?? '') ?? [];
  if (seconds === undefined) return 2_000;
  const taken = Math.min(Number(seconds), 10);
  res.setHeader('Preference-Applied', `wait=${taken}`);
  return taken * 1000;
}
