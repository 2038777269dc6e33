import type { Express, Request, RequestHandler, Response } from 'express';
import type { Collection } from 'mongodb';
import type { z } from 'zod';
import type { Caller, Role, Tokens } from './auth/tokens.ts';
import {
  type ConsistencyToken,
  formatToken,
  mergeTokens,
  parseTokens,
} from './consistency-token.ts';
import { authenticated, identified } from './http/authenticated.ts';
import { input } from './http/input.ts';
import { isMongoAway } from './mongo/mongo-away.ts';
import { Problem, type ProblemCode } from './problems.ts';
import { asOfName } from './reading/as-of-name.ts';
import type { ReadModels, Served, Source } from './reading/read-models.ts';
import { RecentAnswers, type Sendable } from './reading/recent-answers.ts';
import type { CopyModel, ViewCopy } from './reading/view-copy.ts';
import type { View } from './view.ts';

/** What a query may use besides its input. */
export type Reading = {
  read<Document extends { _id: string }>(view: View<Document>): Collection<Document>;
  copy<Model extends CopyModel>(copy: ViewCopy<Model>): Model;
  caller: Caller | null;
};

/** One question to the read models. The kernel adds all that HTTP and consistency ask for. */
export type Query<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodType = z.ZodType> = {
  /** What it is called, and what it tells in one line, in the API document. */
  name?: string;
  summary?: string;
  /** As Express writes it: `GET /v1/parcels/:parcelId`. */
  route: Route;
  /** Other paths with the same answer. */
  aliases?: readonly (Route | { route: Route; params(params: Params): Params })[];
  /** Every view that the answer may read: a consistency token waits for all of them. */
  views: readonly View[];
  /** Copies in memory that the answer may use: the token waits for them as well. */
  copies?: readonly ViewCopy[];
  /** Who may ask: anybody by default, anybody with a token, or who has one of these roles. */
  for?: 'anybody' | 'anybody known' | Role | readonly Role[];
  /** Path parameters and query. */
  input: Input;
  /** What `answer` gives; for the API document, and checked by the compiler. */
  output?: Output;
  /** What `answer` throws, for the API document. */
  problems?: readonly ProblemCode[];
  answer(input: z.output<Input>, reading: Reading): Promise<Unchanging<z.input<Output>>>;
};

/** Answers are only written out, so they may hold what nobody may change. */
type Unchanging<T> = unknown extends T
  ? unknown
  : T extends object
    ? { readonly [K in keyof T]: Unchanging<T[K]> }
    : T;

type Route = `GET /${string}`;
type Params = Record<string, string>;

/** Lets a query's types flow into its answer, and sees to it that the API document has it all. */
export const query = <Input extends z.ZodObject, Output extends z.ZodType>(
  definition: Query<Input, Output> & { name: string; summary: string; output: Output },
): Query => definition;

type Options = {
  tokens: Tokens;
  readModels: ReadModels;
  /** The id of the log that the read models are made from. */
  log: string;
};

/** An answer that takes longer won't come: the database is away or overrun. */
const answerWithinMs = 5_000;

export function addQueries(app: Express, queries: readonly Query[], options: Options): void {
  for (const definition of queries) {
    const handlers = [access(definition, options.tokens), answering(definition, options)];
    app.get(pathOf(definition.route), ...handlers);
    for (const alias of definition.aliases ?? []) {
      if (typeof alias === 'string') app.get(pathOf(alias), ...handlers);
      else app.get(pathOf(alias.route), renamed(alias.params), ...handlers);
    }
  }
}

/** The copies in memory that these queries use. */
export const copiesOf = (queries: readonly Query[]): ViewCopy[] => [
  ...new Set(queries.flatMap(({ copies = [] }) => copies)),
];

const pathOf = (route: Route): string => route.slice('GET '.length);

const renamed =
  (params: (params: Params) => Params): RequestHandler =>
  (req, _res, next) => {
    req.params = params(req.params as Params);
    next();
  };

function access({ for: who = 'anybody' }: Query, tokens: Tokens): RequestHandler {
  switch (who) {
    case 'anybody':
      return identified(tokens);
    case 'anybody known':
      return authenticated(tokens, null);
    default:
      return authenticated(tokens, who);
  }
}

function answering(definition: Query, { readModels, log }: Options): RequestHandler {
  const inputOf = input(definition.input, { elsewhere: ['consistency', 'asOf'] });
  const { views, copies = [] } = definition;
  const sources: readonly Source[] = [...views, ...copies];
  const recent = new RecentAnswers();

  return async (req, res) => {
    const name = asOfIn(req);
    const values = inputOf(req);
    const caller = name === null || !isOpen(definition) ? req.caller : null;
    const key = JSON.stringify([req.url, caller && [caller.userId, ...caller.roles]]);
    const wanted = wantedToken(req, log);
    if (wanted && name === null) await caughtUp(readModels, sources, wanted, waitMs(req, res));
    // Before the generations: what these have seen, a later one has seen as well.
    const seen = name === null ? readModels.seen(sources) : nothing(log);
    const served = name === null ? readModels.pin(sources) : await readModels.asOf(name, copies);
    const { collection: read, copy } = served;
    const make = async (): Promise<Sendable> => {
      const answer = await inTime(definition.answer(values, { read, copy, caller }));
      const body = Buffer.from(JSON.stringify(answer));
      return { body, etag: etagOf(req, body) };
    };
    // Who sends tokens is answered from the database itself, and so never goes back in time.
    // All others may see what was true a moment ago, once the views are known to have moved.
    const { body, etag } = wanted
      ? await make()
      : await recent.get(key, stateOf(served, seen), make);
    res.setHeader('Consistency-Token', formatToken(wanted ? mergeTokens(log, wanted, seen) : seen));
    res.setHeader('Cache-Control', req.caller ? 'private, no-cache' : 'no-cache');
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    res.setHeader('ETag', etag);
    res.vary('Authorization');
    res.send(body);
  };
}

const nothing = (log: string): ConsistencyToken => ({ log, seen: {} });

const isOpen = ({ for: who = 'anybody' }: Query): boolean => who === 'anybody';

/**
 * The name of a past to answer from. Only operators may ask for one; an answer that is for anybody
 * doesn't tell then what they have to do with it.
 */
function asOfIn({ query: { asOf }, caller }: Request): string | null {
  if (asOf === undefined) return null;
  if (!caller) throw new Problem('unauthorized', 'To read with `asOf` needs a token.');
  if (!caller.roles.has('operator')) {
    throw new Problem('forbidden', 'To read with `asOf` needs the role operator.');
  }
  if (typeof asOf === 'string' && asOfName.test(asOf)) return asOf;
  const message = 'is not a name that `npm run replay -- as-of` takes';
  const errors = [{ path: 'asOf', message }];
  throw new Problem('invalid-input', `asOf ${message}.`, { errors });
}

const etagOf = (req: Request, body: Buffer): string =>
  (req.app.get('etag fn') as (body: Buffer) => string)(body);

/** Changes whenever a view has moved or is served from another generation. */
const stateOf = ({ generations }: Served, { seen }: ConsistencyToken): string =>
  JSON.stringify([generations, seen]);

function wantedToken(req: Request, log: string): ConsistencyToken | null {
  const given = [req.headers['consistency-token'], req.query.consistency].flat();
  const text = given.filter((token) => token !== undefined).join(',');
  return text === '' ? null : parseTokens(text, log);
}

/** `Prefer: wait=N` (RFC 7240), at most 10 s; 2 s where nothing is said. */
function waitMs(req: Request, res: Response): number {
  const [, seconds] = /(?:^|[,;\s])wait\s*=\s*"?(\d+)/i.exec(req.get('Prefer') ?? '') ?? [];
  if (seconds === undefined) return 2_000;
  const taken = Math.min(Number(seconds), 10);
  res.setHeader('Preference-Applied', `wait=${taken}`);
  return taken * 1000;
}

async function caughtUp(
  readModels: ReadModels,
  sources: readonly Source[],
  token: ConsistencyToken,
  timeoutMs: number,
): Promise<void> {
  if (await readModels.waitFor(sources, token, timeoutMs)) return;
  const detail = 'What the token asks for is not visible yet; ask again, or wait longer by Prefer.';
  throw new Problem('read-model-behind', detail);
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const away = new Problem('part-away', 'The database did not answer in time; try again.');
    timer = setTimeout(() => reject(away), answerWithinMs);
  });
  try {
    return await Promise.race([answer, late]);
  } catch (cause) {
    if (!isMongoAway(cause)) throw cause;
    throw new Problem('part-away', 'The database is out of reach; try again.', { cause });
  } finally {
    clearTimeout(timer);
  }
}
