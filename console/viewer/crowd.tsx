import { useEffect } from 'react';
import { Button } from '../look/parts.tsx';
import { settings } from '../system/api.ts';
import { crowd, showCrowd, startCrowd, stopCrowd, type Votable } from '../system/crowd.ts';
import { isInvented } from '../system/session.ts';
import { useStore } from '../system/store.ts';

/** Lets ten invented viewers vote on the films in sight. Only a local system has such viewers. */
export function Crowd({ films }: { films: readonly Votable[] }) {
  const { isVoting, votes, refused } = useStore(crowd);
  useEffect(() => showCrowd(films), [films]);
  const viewers = settings().demoUsers.filter(isInvented);
  if (viewers.length === 0) return null;
  return (
    <>
      {isVoting ? (
        <Button icon="people" aria-pressed onClick={stopCrowd}>
          Stop · {votes} votes
        </Button>
      ) : (
        <Button
          icon="people"
          onClick={() => void startCrowd(viewers)}
          disabled={films.length === 0}
          title="They go on while you look at other pages"
        >
          Let ten people vote for a minute
        </Button>
      )}
      {Object.entries(refused).map(([why, count]) => (
        <small key={why} role="status">
          {count} refused: {why}
        </small>
      ))}
    </>
  );
}
