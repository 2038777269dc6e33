import { eventId } from '@event-sourced/kernel/event';
import type { ExamplesOf } from '@event-sourced/kernel/schemas';
import { alicesFirst, alicesSecond, later, metaOf } from '../example-meta.ts';
import type { RankingEvent } from '../generated/events.ts';

export const examples: ExamplesOf<RankingEvent> = {
  VoteCast: {
    type: 'VoteCast',
    meta: { ...metaOf('m87/alice', 2, alicesSecond, 'alice'), causationid: eventId('m87', 1) },
    data: {
      movieId: 'm87',
      userId: 'alice',
      vote: 'dislike',
      previous: 'like',
      previousCastAt: alicesFirst,
      castAt: alicesSecond,
      changedAt: alicesSecond - 60_000,
    },
  },
  VoteRetracted: {
    type: 'VoteRetracted',
    meta: metaOf('m87/alice', 3, later, 'alice'),
    data: {
      movieId: 'm87',
      userId: 'alice',
      previous: 'dislike',
      previousCastAt: alicesSecond,
      retractedAt: later,
    },
  },
};
