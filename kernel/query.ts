import type { z } from 'zod';
import type { Role } from './auth/roles.ts';
import type { Caller } from './auth/tokens.ts';
import type { ConsistencyToken } from './consistency-token.ts';
import type { Deprecation } from './deprecation.ts';
import type { Operations } from './operations/operations.ts';
import type { ProblemType } from './problems.ts';
import type { Documents } from './reading/ending-reads.ts';
import type { KeptModel, ViewCopy } from './reading/view-copy.ts';
import type { View } from './view.ts';

export { formatToken } from './consistency-token.ts';
export { type LiveView, type LiveViews, liveView } from './live/live-view.ts';
export {
  type Changes,
  changesCursor,
  changesOf,
  changesSince,
  type Placed,
  SyncInput,
} from './reading/changes-since.ts';
export type { Documents } from './reading/ending-reads.ts';
export { groupCopy, type ViewCopy, viewCopy } from './reading/view-copy.ts';

/** A place in the log that all views of a query have passed. */
export type ViewsPosition = ConsistencyToken & { epoch: string };

/** What a query may use besides its input. */
export type Reading = {
  /** The documents of one of the query's views. An operation on them ends with the request. */
  read<Document extends { _id: string }>(view: View<Document>): Documents<Document>;
  /** One of the query's copies in memory. */
  copy<Model extends KeptModel>(copy: ViewCopy<Model>): Model;
  /** How far the views were at least, before this answer reads anything. */
  position: ViewsPosition;
  /** Null if the request has no token, which only a query for anybody allows. */
  caller: Caller | null;
  /** The system itself, for its operators' queries. */
  readonly operations: Operations;
};

/**
 * One question to the read models. The kernel adds everything about HTTP and consistency.
 * @see {@link ./http/query-routes.ts} for its route, {@link ./reading/answering.ts} for its answer.
 */
export type Query<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodType = z.ZodType> = {
  /** Its name in the API document, and one line that says what it answers. */
  name?: string;
  summary?: string;
  /** Method and path, as Express writes them: `GET /v1/parcels/:parcelId`. */
  route: Route;
  /** Other paths with the same answer. */
  aliases?: readonly Alias<Input>[];
  /** Announces the end of the route and its aliases. */
  deprecated?: Deprecation;
  /** Every view that the answer may read: a consistency token waits for all of them. */
  views: readonly View[];
  /** Copies in memory that the answer may use: the token waits for them as well. */
  copies?: readonly ViewCopy[];
  /** Who may ask: anybody by default, anybody with a token, or anybody with one of these roles. */
  for?: 'anybody' | 'authenticated' | Role | readonly Role[];
  /** Path parameters and query. */
  input: Input;
  /** A request for the API document. It works on the data that its answers are recorded with. */
  example?: z.input<Input>;
  /** The schema of the answer: for the API document, and checked by the compiler. */
  output?: Output;
  /** The types of the problems that `answer` throws, for the API document. */
  problems?: readonly ProblemType[];
  answer(input: z.output<Input>, reading: Reading): Promise<DeepReadonly<z.input<Output>>>;
};

/** Answers are only written out, so they may be made of values that can't be changed. */
type DeepReadonly<T> = unknown extends T
  ? unknown
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

export type Route = `GET /${string}`;
export type Params = Record<string, string>;

/** Another path of a query. */
type Alias<Input extends z.ZodObject> = {
  route: Route;
  /** Announces the end of this path alone. */
  deprecated?: Deprecation;
  /** The query's own path parameters, from those of this path. */
  params?(params: Params): Params;
  /** A request to this path, for the API document. */
  example?: z.input<Input>;
};

/**
 * Defines a query: infers its types, and requires all that the API document needs.
 *
 * @example
 * ```ts
 * import { Problem, problemType } from '@event-sourced/kernel/problems';
 * import { query } from '@event-sourced/kernel/query';
 * import { view } from '@event-sourced/kernel/view';
 * import { z } from 'zod';
 *
 * type Sold = { _id: string; copies: number };
 * const soldView = view<Sold>({ name: 'sold', version: 1, topics: ['orders'], indexes: [] });
 * const neverSold = problemType('never-sold', 404, 'Nobody has ordered the book');
 *
 * export const sold = query({
 *   name: 'sold',
 *   summary: 'How many copies of a book were ordered',
 *   route: 'GET /v1/books/:isbn/sold',
 *   views: [soldView],
 *   input: z.object({ isbn: z.string() }),
 *   example: { isbn: '9780140449136' },
 *   output: z.object({ copies: z.int() }),
 *   problems: [neverSold],
 *   async answer({ isbn }, { read }) {
 *     const found = await read(soldView).findOne({ _id: isbn });
 *     if (!found) throw new Problem(neverSold, `Nobody has ordered ${isbn} yet.`);
 *     return { copies: found.copies };
 *   },
 * });
 * ```
 */
export const query = <Input extends z.ZodObject, Output extends z.ZodType>(
  definition: Query<Input, Output> & Documented<Input, Output>,
): Query => definition;

/**
 * A question whose answer may be as long as it likes: lines of JSON (NDJSON), sent as they are
 * made. All documents are read at one moment, which `position` names exactly.
 */
export type LineQuery<
  Input extends z.ZodObject = z.ZodObject,
  Line extends z.ZodType = z.ZodType,
> = Pick<Query<Input>, 'route' | 'views' | 'copies' | 'for' | 'input' | 'problems'> & {
  name: string;
  summary: string;
  example: z.input<Input>;
  /** The schema of a line. It has an `id`, by which the API document names it. */
  line: Line;
  /** The last line has to say that it is the last one, since a cut answer has none. */
  lines(input: z.output<Input>, reading: Reading): AsyncIterable<DeepReadonly<z.input<Line>>>;
};

/** Defines a query whose answer is a stream of lines: as `query`, with `lines` for `answer`. */
export const lineQuery = <Input extends z.ZodObject, Line extends z.ZodType>(
  definition: LineQuery<Input, Line>,
): LineQuery => definition;

type Documented<Input extends z.ZodObject, Output extends z.ZodType> = {
  name: string;
  summary: string;
  example: z.input<Input>;
  output: Output;
};

/** The copies in memory that these queries use. */
export const copiesOf = (queries: readonly Pick<Query, 'copies'>[]): ViewCopy[] => [
  ...new Set(queries.flatMap(({ copies = [] }) => copies)),
];
