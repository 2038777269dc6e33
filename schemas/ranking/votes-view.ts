import type { Millis } from '@event-sourced/kernel/event';
import { view } from '@event-sourced/kernel/view';

/** One user's standing vote on one movie; a retracted vote has no document. */
export type VoteDocument = {
  /** `movieId/userId`, the ballot's stream. */
  _id: string;
  movieId: string;
  userId: string;
  vote: 'like' | 'dislike';
  castAt: Millis;
  /** The ballot's version: what `If-Match` takes. */
  version: number;
};

export const votesView = view<VoteDocument>({
  name: 'votes',
  version: 2,
  topics: ['ranking'],
  copied: { by: 'userId' },
  indexes: [{ key: { userId: 1, castAt: -1, _id: 1 } }],
});
