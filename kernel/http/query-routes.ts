import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { operator } from '../auth/roles.ts';
import { type ConsistencyToken, formatToken, parseTokens } from '../consistency-token.ts';
import type { LogPlaces } from '../log/log-places.ts';
import type { Operations } from '../operations/operations.ts';
import type { KeyRing } from '../personal/key-ring.ts';
import { Problem } from '../problems.ts';
import type { Params, Query, Route } from '../query.ts';
import { type Answer, answering } from '../reading/answering.ts';
import { asOfName } from '../reading/as-of-name.ts';
import { type Asked, asked as askedFor } from '../reading/asked.ts';
import { type ReadLimits, SharedLimits } from '../reading/read-limits.ts';
import type { ReadModels } from '../reading/read-models.ts';
import { type Access, accessFor, accessForAnybody } from './authenticated.ts';
import { input } from './input.ts';
import { clientAddress } from './rate-limits.ts';

export type QueryRoutesOptions = {
  queries: readonly Query[];
  readModels: ReadModels;
  /** The id of the log that the read models are made from, and what tokens of it may name. */
  log: string;
  places: Pick<LogPlaces, 'check'>;
  limits: ReadLimits;
  operations?: Operations | undefined;
  /** The keys of text of people, and the topic of their events; null if none is encrypted. */
  keys?: { ring: KeyRing; topic: string } | null;
};

/** The routes of each query: authenticates, parses, waits for the token's events and answers. */
export function queryRoutes(options: QueryRoutesOptions): Router {
  const { queries } = options;
  const router = express.Router();
  const limits = new SharedLimits(options.limits);
  const { keys } = options;
  // What was erased must not be answered from memory.
  if (keys) keys.ring.onDestroyed = () => limits.answers.clear();
  for (const definition of queries) {
    const answer = answering(definition, { ...options, limits });
    const handle = handler(definition, { log: options.log, limits }, answer);
    router.get(pathOf(definition.route), handle);
    for (const { route, params = unchanged } of definition.aliases ?? []) {
      router.get(pathOf(route), renamed(params), handle);
    }
  }
  return router;
}

const pathOf = (route: Route): string => route.slice('GET '.length);

const unchanged = (params: Params): Params => params;

const renamed =
  (params: (params: Params) => Params): RequestHandler =>
  (req, _res, next) => {
    req.params = params(req.params as Params);
    next();
  };

function accessTo({ for: who = 'anybody' }: Query): Access {
  switch (who) {
    case 'anybody':
      return accessForAnybody;
    case 'authenticated':
      return accessFor(null);
    default:
      return accessFor(who);
  }
}

function handler(
  definition: Query,
  { log, limits }: { log: string; limits: SharedLimits },
  answer: ReturnType<typeof answering>,
): RequestHandler {
  const inputOf = input(definition.input, { elsewhere: ['consistency', 'asOf'] });
  const checkAccess = accessTo(definition);
  return (req, res) => {
    checkAccess(req);
    const asked = limits.urls.of(req.originalUrl, () => {
      const { asOf, consistency } = req.query;
      // Who may not read it is told so before what else is wrong.
      asOfIn({ asOf }, req);
      return askedFor(definition, inputOf(req), { asOf, consistency });
    });
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
    const answered = answer({ asked, caller, address, asOf, wanted, waitMs, gone });
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
}

/** Aborted when the client closes its request before it has the answer. */
function goneOf(res: Response): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort();
  });
  return gone.signal;
}

function send(req: Request, res: Response, { body, bytes, etag, seen }: Answer): void {
  res.setHeader('Consistency-Token', formatToken(seen));
  res.setHeader('Cache-Control', req.caller ? 'private, no-cache' : 'no-cache');
  res.setHeader('ETag', etag);
  if (res.hasHeader('Vary')) res.vary('Authorization');
  else res.setHeader('Vary', 'Authorization');
  if (req.headers['if-none-match'] !== undefined && req.fresh) {
    res.statusCode = 304;
    res.end();
    return;
  }
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', bytes);
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

function wantedToken(
  { consistency }: Asked,
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
function preferredWaitMs(req: Request, res: Response): number {
  const [, seconds] = /(?:^|[,;\s])wait\s*=\s*"?(\d+)/i.exec(req.get('Prefer') ?? '') ?? [];
  if (seconds === undefined) return 2_000;
  const taken = Math.min(Number(seconds), 10);
  res.setHeader('Preference-Applied', `wait=${taken}`);
  return taken * 1000;
}
