import { answerOf, type CommandComponents, type MoviesClient } from '#client/client.ts';
import type { Act, Answer } from './act.ts';
import { type Me, withMine, withPlays, withVote } from './effects.ts';

/** Every command that viewers give. */

export type Film = { movieId: string; title: string };
export type Vote = NonNullable<Me['vote']>;

const onMovie = (movieId: string, key: string) => ({
  params: { path: { movieId }, header: { 'Idempotency-Key': key } },
});

/** Reads the movie, which shows what its viewer did. */
const seeMovie = ({ queries }: MoviesClient, movieId: string) =>
  answerOf(queries.GET('/v1/movies/{movieId}', { params: { path: { movieId } } }));

const done: Record<Vote, string> = { like: 'Like', dislike: 'Dislike' };

/** Votes, or takes the vote back. @param before what to go back to. */
export function vote(film: Film, wanted: Vote | null, before: Vote | null): Act {
  const { movieId, title } = film;
  const method = wanted ? 'PUT' : 'DELETE';
  return {
    title: wanted ? `${done[wanted]} ${title}` : `Take back the vote on ${title}`,
    command: `${method} /v1/movies/${movieId}/vote`,
    send: ({ commands }, key) => {
      const { params } = onMovie(movieId, key);
      const path = '/v1/movies/{movieId}/vote';
      return answerOf(
        wanted
          ? commands.PUT(path, { params, body: { vote: wanted } })
          : commands.DELETE(path, { params }),
      );
    },
    see: (client) => seeMovie(client, movieId),
    effect: { movieId, change: withVote(wanted) },
    undo: ({ unchanged }) => (unchanged ? null : vote(film, before, wanted)),
  };
}

export type Reminder = { note?: string; remindAt?: string };

export function remind(film: Film, reminder: Reminder, before: Me['reminder'] = null): Act {
  const { movieId, title } = film;
  const { note = null, remindAt = null } = reminder;
  const setAt = new Date().toISOString();
  return {
    title: `Remind me of ${title}`,
    command: `PUT /v1/me/reminders/${movieId}`,
    send: ({ commands }, key) =>
      answerOf(
        commands.PUT('/v1/me/reminders/{movieId}', { ...onMovie(movieId, key), body: reminder }),
      ),
    see: (client) => seeMovie(client, movieId),
    effect: { movieId, change: withMine({ reminder: { note, remindAt, setAt } }) },
    undo: ({ unchanged }) => {
      if (unchanged) return null;
      return before ? remind(film, given(before)) : forgetReminder(film, null);
    },
  };
}

const given = ({ note, remindAt }: NonNullable<Me['reminder']>): Reminder => ({
  ...(note !== null && { note }),
  ...(remindAt !== null && { remindAt }),
});

export function forgetReminder(film: Film, before: Me['reminder']): Act {
  const { movieId, title } = film;
  return {
    title: `Forget the reminder of ${title}`,
    command: `DELETE /v1/me/reminders/${movieId}`,
    send: ({ commands }, key) =>
      answerOf(commands.DELETE('/v1/me/reminders/{movieId}', onMovie(movieId, key))),
    see: (client) => seeMovie(client, movieId),
    effect: { movieId, change: withMine({ reminder: null }) },
    undo: ({ unchanged }) => (unchanged || !before ? null : remind(film, given(before))),
  };
}

type Played = CommandComponents['schemas']['CommandAnswer'] & { playId?: string };

type Watching = { watchedAt?: string; plays?: number; reminder?: Me['reminder'] };

/**
 * Watching a film removes its reminder.
 * @param watching with how often it was watched before, as far as that is known, and the reminder
 *   to go back to.
 */
export function markWatched(film: Film, watching: Watching = {}): Act {
  const { watchedAt, plays = 0, reminder = null } = watching;
  const { movieId, title } = film;
  return {
    title: `Mark ${title} as watched`,
    command: `POST /v1/me/watched/${movieId}`,
    send: ({ commands }, key) =>
      answerOf(
        commands.POST('/v1/me/watched/{movieId}', {
          ...onMovie(movieId, key),
          body: watchedAt ? { watchedAt } : {},
        }),
      ),
    see: (client) => seeMovie(client, movieId),
    effect: { movieId, change: withPlays(plays + 1) },
    undo: (answer) => {
      const { playId } = answer as Played;
      return playId ? removePlay(film, { playId, reminder }) : null;
    },
  };
}

type Play = { playId: string; watchedAt?: string; reminder?: Me['reminder'] };

/** @param play with its time, it can be put back; with a reminder, that one is. */
export function removePlay(film: Film, play: Play): Act {
  const { movieId, title } = film;
  const { playId, watchedAt, reminder } = play;
  return {
    title: `Remove a play of ${title}`,
    command: `DELETE /v1/me/watched/${movieId}/${playId}`,
    send: async (client, key) => {
      const removed = await answerOf(
        client.commands.DELETE('/v1/me/watched/{movieId}/{playId}', {
          params: { path: { movieId, playId }, header: { 'Idempotency-Key': key } },
        }),
      );
      if (reminder) await remind(film, given(reminder)).send(client, `${key} reminder`);
      return removed;
    },
    see: (client) => seeMovie(client, movieId),
    undo: ({ unchanged }: Answer) =>
      unchanged ? null : markWatched(film, { ...(watchedAt && { watchedAt }) }),
  };
}
