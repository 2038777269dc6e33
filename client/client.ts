import createClient, { type Client } from 'openapi-fetch';
import type { paths as CommandPaths } from './generated/commands.ts';
import type { components, paths as QueryPaths } from './generated/queries.ts';
import { type LiveMessage, type LiveOptions, live } from './live.ts';
import { Transport, type TransportOptions } from './transport.ts';

export type { components as CommandComponents } from './generated/commands.ts';
export type { LiveMessage } from './live.ts';
export { type Problem, ProblemError, UnreachableError } from './problem-error.ts';
export type { Retry, TransportOptions } from './transport.ts';

/** The shapes of the query API's answers, such as `Schemas['Movie']`. */
export type Schemas = components['schemas'];

export type ClientOptions = TransportOptions & {
  /** The base URLs of the two APIs. */
  commandApi: string;
  queryApi: string;
};

export type MoviesClient = {
  commands: Client<CommandPaths>;
  queries: Client<QueryPaths>;
  /** What changes in the views that one names, as it changes. */
  live(
    parameters: Record<string, string>,
    options: Pick<LiveOptions, 'signal' | 'lastEventId' | 'onState'>,
  ): AsyncGenerator<LiveMessage, void>;
  /**
   * The log's events as they come, for operators.
   * @param parameters are asked for at each connection, so that a later one may begin later.
   */
  tail(
    parameters: () => URLSearchParams,
    options: Pick<LiveOptions, 'signal' | 'onState'>,
  ): AsyncGenerator<LiveMessage, void>;
  /** The consistency tokens that the next request is sent with. */
  seen(): readonly string[];
  /** Notes a token that was given in another way than by an answer, such as by a live message. */
  saw(token: string): void;
  /** Forgets what was seen: the next reads don't wait for it. */
  forget(): void;
};

/**
 * A client of both APIs. What it has seen is carried along, so a read shows the effect of each
 * command before it. Commands get an idempotency key and are repeated with it while the API is
 * away or busy. Refusals are thrown as `ProblemError`.
 *
 * @example
 * ```ts
 * const client = moviesClient({
 *   commandApi: 'http://127.0.0.1:4001',
 *   queryApi: 'http://127.0.0.1:4000',
 *   token: () => process.env.ALICE ?? null,
 * });
 * const params = { path: { movieId: 'm55' } };
 * await client.commands.PUT('/v1/movies/{movieId}/vote', { params, body: { vote: 'like' } });
 * const movie = await answerOf(client.queries.GET('/v1/movies/{movieId}', { params }));
 * ```
 */
export function moviesClient({ commandApi, queryApi, ...rest }: ClientOptions): MoviesClient {
  const transport = new Transport(rest);
  const { fetch } = transport;
  const base = (url: string) => url.replace(/\/$/, '');
  return {
    commands: createClient<CommandPaths>({ baseUrl: base(commandApi), fetch }),
    queries: createClient<QueryPaths>({ baseUrl: base(queryApi), fetch }),
    live(parameters, options) {
      const url = `${base(queryApi)}/v1/live?${new URLSearchParams(parameters)}`;
      return live({ url, fetch, ...options });
    },
    tail(parameters, options) {
      const url = () => `${base(queryApi)}/v1/ops/tail?${parameters()}`;
      return live({ url, fetch, ...options });
    },
    seen: () => transport.seen.tokens,
    saw: (token) => transport.seen.tell(token),
    forget: () => transport.seen.forget(),
  };
}

/** The body of an answer. The client has thrown already if there is none. */
export async function answerOf<T>(asked: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data, response } = await asked;
  if (data === undefined) throw new TypeError(`${response.url} answered without a body`);
  return data;
}
