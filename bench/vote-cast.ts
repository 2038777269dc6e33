import { randomUUID } from 'node:crypto';
import { eventId } from '#kernel/event.ts';
import type { RankingEvent } from '#schemas/generated/events.ts';

/** A ballot's first vote as baselines append it, who look nothing up. */
export function voteCast(
  movieId: string,
  userId: string,
  vote: 'like' | 'dislike',
): Extract<RankingEvent, { type: 'VoteCast' }> {
  const subject = `ranking/${movieId}/${userId}`;
  const time = Date.now();
  const meta = {
    id: eventId(subject, 1),
    source: '/command-api',
    subject,
    time,
    sequence: 1,
    correlationid: randomUUID(),
    causationid: null,
    actor: userId,
    commandid: randomUUID(),
    requesthash: 'n4bQgYhMfWWaL-qgxVrQFQ',
  };
  const data = { movieId, userId, vote, previousCastAt: null, castAt: time };
  return { type: 'VoteCast', data: { ...data, previous: 'none' }, meta };
}
