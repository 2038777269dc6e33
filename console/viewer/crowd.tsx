import { useEffect, useRef, useState } from 'react';
import { answerOf } from '#client/client.ts';
import { Button } from '../look/parts.tsx';
import { clientOf, settings } from '../system/api.ts';
import { isInvented } from '../system/session.ts';
import type { DemoUser } from '../system/settings.ts';

const forMs = 60_000;
const longestPauseMs = 1_600;

type Votable = { movieId: string };

/**
 * Ten invented viewers vote for a minute on the films in sight, each with a token of their own and
 * by the same requests as everybody. Only a local system has such viewers.
 */
export function Crowd({ films }: { films: readonly Votable[] }) {
  const [votes, setVotes] = useState<number | null>(null);
  const stop = useRef<AbortController | null>(null);
  const inSight = useRef(films);
  inSight.current = films;
  useEffect(() => () => stop.current?.abort(), []);
  const viewers = settings().demoUsers.filter(isInvented);
  if (viewers.length === 0) return null;

  const start = async () => {
    const stopping = new AbortController();
    stop.current = stopping;
    setVotes(0);
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(forMs)]);
    const onVote = () => setVotes((before) => (before ?? 0) + 1);
    await Promise.all(
      viewers.map((viewer) => voteOn(viewer, () => inSight.current, signal, onVote)),
    );
    setVotes(null);
  };

  if (votes === null) {
    return (
      <Button icon="people" onClick={() => void start()} disabled={films.length === 0}>
        Let ten people vote for a minute
      </Button>
    );
  }
  return (
    <Button icon="people" aria-pressed onClick={() => stop.current?.abort()}>
      Stop · {votes} votes
    </Button>
  );
}

async function voteOn(
  { token }: DemoUser,
  films: () => readonly Votable[],
  signal: AbortSignal,
  onVote: () => void,
): Promise<void> {
  const { commands } = clientOf(() => token);
  while (!signal.aborted) {
    const film = films()[Math.floor(Math.random() * films().length)];
    const vote = Math.random() < 0.7 ? 'like' : 'dislike';
    if (film) {
      const params = { path: { movieId: film.movieId } };
      // One vote that fails is no reason to stop: the banner tells when an API is away.
      await answerOf(
        commands.PUT('/v1/movies/{movieId}/vote', { params, body: { vote }, signal }),
      ).then(onVote, () => {});
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * longestPauseMs));
  }
}
