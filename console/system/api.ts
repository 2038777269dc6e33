import type { Query } from '@tanstack/react-query';
import { type MoviesClient, moviesClient, ProblemError, UnreachableError } from '#client/client.ts';
import { answers } from './answers.ts';
import { askUntilBack, isAway, isBack, troubles } from './connection.ts';
import { note, requests } from './requests.ts';
import { session, userNow } from './session.ts';
import { queryApi, type Settings } from './settings.ts';

/** The two APIs, as the one who is signed in. */

/** What is on the screen and couldn't be read, or not be read again. */
const failed = {
  type: 'active',
  predicate: ({ state }: Query) => state.error !== null,
} as const;

const behind =
  'What you did last is stored, but a read model has yet to show it. The console asks again.';
const resumed = 'The console asks each second whether it is back.';

const clients = new Map<string | null, MoviesClient>();
let known: Settings | null = null;

export function connect(settings: Settings): void {
  known = settings;
  let away = 0;
  troubles.subscribe(() => {
    const now = Object.keys(troubles.get()).length;
    if (now < away) void answers.refetchQueries(failed);
    away = now;
  });
  let before = session.get();
  session.subscribe(() => {
    const now = session.get();
    const isSame = now?.user === before?.user && `${now?.roles}` === `${before?.roles}`;
    if (now?.user !== before?.user) requests.set([]);
    before = now;
    // What one user may see is nothing to the next. Cleared answers would stay on the screen until
    // something is asked anew.
    void (isSame ? answers.refetchQueries(failed) : answers.resetQueries());
  });
}

/**
 * A client of both APIs for the one whose token this is.
 * @param isShown whether its requests are among those that make the screen.
 */
export const clientOf = (token: () => string | null, isShown: () => boolean): MoviesClient =>
  moviesClient({
    commandApi: settings().commandApi,
    queryApi,
    token,
    fetch: async (request) => {
      if (isShown()) void note(request);
      return fetch(request);
    },
    onRetry: ({ url, reason, code }) => {
      const isBehind = code === 'read-model-behind';
      if (isBehind && isShown()) isAway(baseOf(url), behind);
      if (isBehind) return;
      isAway(baseOf(url), `${reason}. ${resumed}`);
      void askUntilBack(baseOf(url));
    },
    onAnswer: ({ url }, { status }) => {
      if (status !== 503) isBack(baseOf(url));
    },
  });

/** One of the APIs may stand below the other one. */
const baseOf = (url: string): string => {
  const { commandApi } = settings();
  return url.startsWith(`${commandApi}/`) ? commandApi : queryApi;
};

export function settings(): Settings {
  if (!known) throw new Error('The settings are not there yet');
  return known;
}

/**
 * The two APIs as the one who is signed in. Each user has a client of their own: what is sent
 * through it is sent as that user, whoever is signed in by then, and waits for what they have seen.
 */
export function api(): MoviesClient {
  const user = userNow();
  const client = clients.get(user) ?? clientOf(newestTokenOf(user), () => userNow() === user);
  clients.set(user, client);
  return client;
}

function newestTokenOf(user: string | null): () => string | null {
  let token = session.get()?.token ?? null;
  return () => {
    if (userNow() === user) token = session.get()?.token ?? null;
    return token;
  };
}

/** What to tell a person about a failure: a title, and what helps. */
export function told(error: unknown): { title: string; detail: string; code: string } {
  if (error instanceof ProblemError) {
    const { title, detail, code } = error.problem;
    const errors = error.problem.errors ?? [];
    const fields = errors.map(({ path, message }) => `${path}: ${message}`);
    // Of several wrong fields, the detail has the number only.
    if (code === 'invalid-input' && fields.length > 1) {
      return { title, detail: `${fields.join('; ')}.`, code };
    }
    // Many problems name their fields in the detail already.
    const others = fields.filter((field) => !detail.includes(field));
    return { title, detail: [detail, ...others].join(' '), code };
  }
  if (error instanceof UnreachableError) {
    const detail = `${error.message} It may be starting again. Sent twice, a command counts once.`;
    return { title: 'No answer', detail, code: 'unreachable' };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { title: 'This went wrong', detail, code: 'unexpected' };
}
