import { projection } from '@event-sourced/kernel/projection';
import type { RankingEvent } from '#schemas/generated/events.ts';
import { views } from '#schemas/views.ts';

/** Each user's standing vote on each movie. */
export const votes = projection<RankingEvent>()({
  view: views.votes,
  oneStreamPerDocument: true,
  id: ({ data }) => `${data.movieId}/${data.userId}`,
  when: {
    VoteCast: (_, { data, sequence }) => ({
      _id: `${data.movieId}/${data.userId}`,
      movieId: data.movieId,
      userId: data.userId,
      vote: data.vote,
      castAt: data.castAt,
      version: sequence,
    }),
    VoteRetracted: () => null,
  },
});
