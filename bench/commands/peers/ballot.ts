import { randomUUID } from 'node:crypto';
import type { Vote } from '../baseline.ts';

/** The vote of a user on a movie: what all peers fold and decide, as `command-api` does. */

export type Ballot = { vote: 'none' } | { vote: Vote['vote']; castAt: number };

export type VoteCast = {
  type: 'VoteCast';
  data: Vote & { previous: Ballot['vote']; previousCastAt: number | null; castAt: number };
  metadata: { actor: string; correlationId: string };
};

export const initialState = (): Ballot => ({ vote: 'none' });

export const evolve = (_: Ballot, { data }: Pick<VoteCast, 'data'>): Ballot => ({
  vote: data.vote,
  castAt: data.castAt,
});

export function decide({ movieId, userId, vote }: Vote, ballot: Ballot): VoteCast[] {
  if (ballot.vote === vote) return []; // Voting the same again changes nothing.
  const previousCastAt = ballot.vote === 'none' ? null : ballot.castAt;
  const before = { previous: ballot.vote, previousCastAt };
  return [
    {
      type: 'VoteCast',
      data: { movieId, userId, vote, ...before, castAt: Date.now() },
      metadata: { actor: userId, correlationId: randomUUID() },
    },
  ];
}

/** How often the loser of two writers at once reads and decides again. */
export const retries = 3;
