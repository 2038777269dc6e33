import { momentOf } from '@event-sourced/kernel/event';
import { pageOf } from '@event-sourced/kernel/page';
import { Problem } from '@event-sourced/kernel/problems';
import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { exampleIds, MovieId, PlayId } from '#schemas/ids.ts';
import { playUnknown } from '#schemas/reminders/problems.ts';
import { views } from '#schemas/views.ts';
import { catalogue } from '../memory/catalogue.ts';
import { myPlays } from '../memory/my-lists.ts';
import { listInput, MovieFacts, movieFacts, myList } from '../my-list.ts';

const Play = MovieFacts.extend({ playId: z.string(), watchedAt: z.iso.datetime() }).meta({
  id: 'Play',
});

const shown = (play: { _id: string; watchedAt: number } & Parameters<typeof movieFacts>[0]) => ({
  playId: play._id,
  ...movieFacts(play),
  watchedAt: momentOf(play.watchedAt),
});

const times = ['watchedAt'] as const;
/** All plays of a user. */
export const plays = { view: views.plays, copy: myPlays, times };

/** The caller's plays: a movie watched twice is listed twice. */
export const watched = query({
  name: 'my-watched',
  summary: 'What I watched, each time by itself, sorted and filtered, in pages',
  route: 'GET /v1/me/watched',
  views: [views.plays],
  copies: [catalogue, myPlays],
  for: 'authenticated',
  input: listInput([...times, 'title', 'year']),
  example: { limit: '2' },
  output: pageOf(Play),
  answer: (input, reading) => myList(plays, input, reading, shown),
});

/** One of the caller's plays, at the `Location` that marking a movie as watched answers. */
export const play = query({
  name: 'my-play',
  summary: 'One time that I watched a movie',
  route: 'GET /v1/me/watched/:movieId/:playId',
  views: [views.plays],
  copies: [catalogue],
  for: 'authenticated',
  input: z.object({ movieId: MovieId, playId: PlayId }),
  example: { movieId: 'm55', playId: exampleIds.playId },
  output: Play,
  problems: [playUnknown],
  async answer({ movieId, playId }, { read, copy, caller }) {
    const mine = {
      _id: playId as string,
      movieId: movieId as string,
      userId: caller?.userId ?? '',
    };
    const found = await read(views.plays).findOne(mine);
    if (found) return shown({ ...found, movie: copy(catalogue).movie(movieId) });
    throw new Problem(playUnknown, `You have no play ${playId} of ${movieId}.`);
  },
});
