import { Button, Row } from '../look/parts.tsx';
import { perform } from '../system/act.ts';
import { markWatched, type Vote, vote } from '../system/acts.ts';
import type { ListedMovie } from '../system/effects.ts';
import { journal } from '../system/journal.ts';
import { hasRole, session } from '../system/session.ts';
import { useStore } from '../system/store.ts';
import { useShown } from './shown-movie.ts';

type Size = 'm' | 's';

const onlyViewers = 'Viewers vote and watch: choose one by the button at the top right';

/** Like and dislike: pressed at once; pressed again, the vote is taken back. */
export function VoteButtons({ movie: read, size = 'm' }: { movie: ListedMovie; size?: Size }) {
  const movie = useShown(read);
  const isViewer = hasRole(useStore(session), 'viewer');
  const mine = movie.me?.vote ?? null;
  const cast = (wanted: Vote) => void perform(vote(movie, mine === wanted ? null : wanted, mine));
  const title = isViewer ? undefined : onlyViewers;
  const button = (kind: Vote, icon: 'up' | 'down', label: string, count: number) => (
    <Button
      icon={icon}
      size={size}
      tone={kind === 'like' ? 'good' : 'bad'}
      aria-pressed={mine === kind}
      aria-label={`${label} ${movie.title}: ${count}`}
      disabled={!isViewer}
      title={title}
      onClick={() => cast(kind)}
    >
      {count}
    </Button>
  );
  return (
    <Row>
      {button('like', 'up', 'Like', movie.likes)}
      {button('dislike', 'down', 'Dislike', movie.dislikes)}
    </Row>
  );
}

export function WatchedButton({ movie: read }: { movie: ListedMovie }) {
  const movie = useShown(read);
  const isViewer = hasRole(useStore(session), 'viewer');
  const { plays = 0, reminder = null } = movie.me ?? {};
  const watch = () => void perform(markWatched(movie, { plays, reminder }));
  return (
    <Button
      icon="eye"
      disabled={!isViewer}
      title={isViewer ? undefined : onlyViewers}
      onClick={watch}
    >
      {plays === 0 ? 'Watched it' : `Watched ${plays}×, once more`}
    </Button>
  );
}

/** How far the viewer's newest command about this film has come. */
export function Progress({ movieId }: { movieId: string }) {
  const current = useStore(session);
  const viewer = current?.user ?? null;
  const entry = useStore(journal).find(
    ({ command, user }) => user === viewer && command.includes(`/${movieId}`),
  );
  if (!hasRole(current, 'viewer')) return <span>{onlyViewers}.</span>;
  if (!entry) return null;
  const { state, storedMs, visibleMs, failure, again } = entry;
  if (state === 'failed') {
    return (
      <Row>
        <span role="alert">{failure?.title}</span>
        {again && (
          <Button size="s" onClick={again}>
            Try again
          </Button>
        )}
      </Row>
    );
  }
  const steps = [
    'sent',
    ...(storedMs === null ? [] : [`stored ${Math.round(storedMs)} ms`]),
    ...(visibleMs === null ? [] : [`visible ${Math.round(visibleMs)} ms`]),
  ];
  return (
    <Row>
      <span>{steps.join(' · ')}</span>
      {failure && <span role="alert">It can’t be shown: {failure.title}</span>}
      {again && (
        <Button size="s" onClick={again}>
          Try again
        </Button>
      )}
    </Row>
  );
}
