import { given } from '@event-sourced/kernel/testing';
import { describe, expect, it } from 'vitest';
import type { MovieWatched, WatchRemoved } from '#schemas/generated/events.ts';
import { plays } from './plays.ts';

const play = { playId: 'p1', movieId: 'm1', userId: 'alice', watchedAt: 1_000 };
const watched = {
  type: 'MovieWatched' as const,
  data: { ...play, recordedAt: 2_000, batch: null } satisfies MovieWatched,
};
const removed = {
  type: 'WatchRemoved' as const,
  data: { ...play, removedAt: 3_000 } satisfies WatchRemoved,
};

describe('plays', () => {
  it('holds a play', () => {
    const { playId: _id, ...facts } = play;
    given(plays)
      .when(watched)
      .then({ _id, ...facts });
  });

  it('holds each play of a movie separately', () => {
    const again = { ...watched, data: { ...watched.data, playId: 'p2', watchedAt: 1_500 } };
    given(plays).when(again).then({ _id: 'p2', watchedAt: 1_500 });
    const ids = [watched, again].map((event) => plays.id(event as never));
    expect(ids).toEqual(['p1', 'p2']);
  });

  it('forgets a play that was taken back', () => {
    given(plays, [watched]).when(removed).then(null);
  });

  it('holds a play that was taken back and then made again', () => {
    given(plays, [watched, removed]).when(watched).then({ _id: 'p1', watchedAt: 1_000 });
  });
});
