import { useState } from 'react';
import { Icon } from '../look/icons.tsx';
import { Badge, Button } from '../look/parts.tsx';
import { milliseconds, Time } from '../look/time.tsx';
import { type Entry, journal } from '../system/journal.ts';
import { session } from '../system/session.ts';
import { useStore } from '../system/store.ts';
import { viewsOf } from '../system/views.ts';
import css from './journal.module.css';

/** What just happened: each command on its way to the screen, the newest in sight. */
export function Journal() {
  const entries = useStore(journal);
  const [isOpen, setOpen] = useState(false);
  const [newest] = entries;
  return (
    <aside className={css.journal} aria-label="What just happened" data-open={isOpen}>
      <div className={css.strip}>
        <Button
          kind="plain"
          size="s"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          icon="events"
        >
          <span>What just happened</span>
        </Button>
        <div className={css.newest} role="status">
          {newest ? (
            <Way entry={newest} />
          ) : (
            <p>Nothing yet: vote on a film and watch it travel.</p>
          )}
        </div>
      </div>
      {isOpen && (
        <ol className={css.entries}>
          {entries.map((entry) => (
            <li key={entry.id}>
              <p className={css.head}>
                <Title entry={entry} /> <Time at={entry.at} only="time" />
              </p>
              <Way entry={entry} />
            </li>
          ))}
        </ol>
      )}
    </aside>
  );
}

const tones = { sent: 'wait', stored: 'calm', visible: 'good', failed: 'bad' } as const;

const useIsTheirs = ({ user }: Entry) => (useStore(session)?.user ?? null) === user;

/** What others did may have words of theirs in it. */
function Title({ entry }: { entry: Entry }) {
  const isTheirs = useIsTheirs(entry);
  const { title, user } = entry;
  return <strong>{isTheirs ? title : `A command of ${user ?? 'somebody without a name'}`}</strong>;
}

/** Command → event, lane and offset → views → screen, each step once it is made. */
function Way({ entry }: { entry: Entry }) {
  const { command, state, stored, storedMs, visibleMs, failure } = entry;
  const isTheirs = useIsTheirs(entry);
  const { again, undo } = isTheirs ? entry : { again: null, undo: null };
  const views = viewsOf(stored?.events ?? []);
  return (
    <div className={css.way}>
      <Badge tone={tones[state]}>{state}</Badge>
      <span className={css.step}>
        <code>{command}</code>
      </span>
      {stored && (
        <span className={css.step}>
          <Icon name="arrow" />
          {stored.unchanged ? 'nothing changed' : <code>{stored.events.join(', ')}</code>}
          {stored.places.map(({ topic, lane, offset }) => (
            <span key={`${topic}${lane}`} title="Topic, lane (partition) and offset in the log">
              {topic}, lane {lane}, offset {offset}
            </span>
          ))}
          <em>stored in {milliseconds(storedMs ?? 0)}</em>
        </span>
      )}
      {visibleMs !== null && (
        <span className={css.step}>
          <Icon name="arrow" />
          {views.length > 0 && (
            <>
              {views.join(', ')}
              <Icon name="arrow" />
            </>
          )}
          <em>visible after {milliseconds(visibleMs)}</em>
        </span>
      )}
      {failure && (
        <span className={css.step} role="alert">
          {isTheirs ? `${failure.title}: ${failure.detail}` : failure.title}
        </span>
      )}
      {again && (
        <Button size="s" onClick={again}>
          Try again
        </Button>
      )}
      {entry.again && !isTheirs && <span>{entry.user ?? 'Whoever did it'} can try it again</span>}
      {undo && (
        <Button size="s" icon="undo" onClick={undo}>
          Undo
        </Button>
      )}
    </div>
  );
}
