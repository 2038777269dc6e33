import { eventId } from '#kernel/event.ts';
import type { RankingEvent } from '#schemas/generated/events.ts';

export type VoteCast = Extract<RankingEvent, { type: 'VoteCast' }>;
type Vote = Omit<VoteCast['data'], 'changedAt'> & { version: number };

export function voteCast({ version, ...data }: Vote): VoteCast {
  const subject = `ranking/${data.movieId}/${data.userId}`;
  const id = eventId(subject, version);
  return {
    type: 'VoteCast',
    data: { ...data, changedAt: null },
    meta: {
      id,
      source: '/command-api',
      subject,
      time: data.castAt,
      sequence: version,
      correlationid: id,
      causationid: null,
      actor: data.userId,
      commandid: id,
      requesthash: 'n4bQgYhMfWWaL-qgxVrQFQ',
    },
  };
}

/** The event that baselines append: cast now, and, since they read no state, as a first vote. */
export const firstVote = (movieId: string, userId: string, vote: 'like' | 'dislike'): VoteCast =>
  voteCast({
    ...{ movieId, userId, vote, castAt: Date.now(), version: 1 },
    ...{ previous: 'none', previousCastAt: null },
  });
