import { batch, reject } from '@event-sourced/kernel/aggregate';
import type { Millis, NewEvent } from '@event-sourced/kernel/event';
import { v5 as uuid5 } from 'uuid';
import { ChangedAt, itemOutdated, PastMoment } from '#schemas/changed-at.ts';
import type { RemindersEvent } from '#schemas/generated/events.ts';
import { exampleIds, PlayId } from '#schemas/ids.ts';
import { watchedFull } from '#schemas/reminders/problems.ts';
import { roles } from '#schemas/roles.ts';
import { changedAfter } from '../changed-at.ts';
import { knownMovie } from '../known-movie.ts';
import { ofCaller } from '../own-stream.ts';
import {
  AboutMovie,
  answered,
  type Deciding,
  type Lists,
  lists,
  movieOf,
  removal,
} from './lists.ts';

/** The movies that a user has watched: each time is a play. */

const playLimit = 20_000;

const playNamespace = '5b1f6a0d-2b7e-5f43-8c1a-94e0d3a7c6f2';

/** The same user, movie and time always make the same play. */
const playIdOf = (userId: string, movieId: string, watchedAt: Millis) =>
  uuid5(JSON.stringify([userId, movieId, watchedAt]), playNamespace);

type Watched = { movieId: string; watchedAt?: string | undefined; changedAt?: string | undefined };

function watch(
  { movieId, ...given }: Watched,
  lists: Lists,
  context: Deciding,
): NewEvent<RemindersEvent>[] {
  const { userId, now } = context;
  const { movie, plays } = lists;
  const watchedAt = given.watchedAt === undefined ? now : Date.parse(given.watchedAt);
  if (movie.playedAt.includes(watchedAt)) return []; // The same play again.
  const removed = movie.removed.find((play) => play.watchedAt === watchedAt);
  const changedAt = changedAfter(given.changedAt, removed?.at ?? null, now);
  if (plays >= playLimit) {
    reject(watchedFull, `${playLimit} plays is all that a list holds; remove one.`);
  }
  const playId = playIdOf(userId, movieId, watchedAt);
  const data = { userId, movieId, playId, watchedAt, recordedAt: now, batch: null };
  // A reminder that was set after this play was noted is for another time.
  const clears = changedAt === null || movie.changedAt === null || changedAt >= movie.changedAt;
  const cleared = clears ? removal(movieId, lists, context, 'watched', changedAt) : [];
  return [{ type: 'MovieWatched', data }, ...cleared];
}

const Watched = AboutMovie.extend({ watchedAt: PastMoment.optional() });

export const markWatched = lists.command({
  name: 'mark-watched',
  route: 'POST /v1/me/watched/:movieId',
  summary: 'I watched a movie, now or when I say; this clears its reminder',
  role: roles.viewer,
  input: Watched,
  example: { movieId: 'm55', watchedAt: '2026-01-02T20:15:00.000Z' },
  stream: ofCaller,
  part: movieOf,
  isThere: ({ movie }) => movie.playedAt.length > 0,
  requires: [knownMovie],
  problems: [watchedFull],
  decide: watch,
  created: ({ movieId, watchedAt }, { made, streamId: userId }) => {
    const known = watchedAt && playIdOf(userId, movieId, Date.parse(watchedAt));
    const playId = made ?? known;
    return playId ? { path: `/v1/me/watched/${movieId}/${playId}`, ids: { playId } } : null;
  },
  ids: { playId: PlayId },
});

export const watchBatch = batch({
  name: 'watch-batch',
  route: 'POST /v1/me/watched\\:batch',
  summary: 'I watched many movies, each now or when I say; this clears their reminders',
  example: {
    items: [
      { movieId: 'm58', watchedAt: '2026-01-03T20:15:00.000Z' },
      { movieId: 'm58', watchedAt: '2026-02-03T20:15:00.000Z' },
      { movieId: 'no-such-movie' },
    ],
  },
  item: lists.command({
    name: 'watch-in-batch',
    route: null,
    role: roles.viewer,
    input: Watched.extend({ changedAt: ChangedAt }),
    stream: ofCaller,
    part: movieOf,
    requires: [knownMovie],
    problems: [watchedFull, itemOutdated],
    decide: watch,
  }),
  same: ({ movieId, watchedAt }) => `${movieId} ${watchedAt ?? 'now'}`,
  answered,
});

const isOf =
  ({ movieId, playId }: { movieId: string; playId: string }, userId: string) =>
  (watchedAt: Millis) =>
    playIdOf(userId, movieId, watchedAt) === playId;

export const removeWatched = lists.command({
  name: 'remove-watched',
  route: 'DELETE /v1/me/watched/:movieId/:playId',
  summary: 'Take a play off my list',
  role: roles.viewer,
  input: AboutMovie.extend({ playId: PlayId }),
  example: { movieId: 'm55', playId: exampleIds.playId },
  stream: ofCaller,
  part: movieOf,
  isThere: ({ movie }, play, { userId }) => movie.playedAt.some(isOf(play, userId)),
  requires: [knownMovie],
  decide: ({ movieId, playId }, { movie }, { userId, now: removedAt }) =>
    movie.playedAt.filter(isOf({ movieId, playId }, userId)).map((watchedAt) => {
      const data = { userId, movieId, playId, watchedAt, removedAt };
      return { type: 'WatchRemoved', data };
    }),
});

export const watchCommands = [markWatched, removeWatched];
