import { useEffect, useRef, useState } from 'react';
import { Badge, Button, Failure, Row } from '../../look/parts.tsx';
import { milliseconds } from '../../look/time.tsx';
import { journal } from '../../system/journal.ts';
import { useStore } from '../../system/store.ts';
import ops from '../ops.module.css';
import { Panel, To } from '../parts.tsx';
import type { Projection } from '../system.ts';
import { useTail } from '../tail/tail-reader.ts';
import { viewsOf } from '../trace/steps.ts';
import css from './flow.module.css';

/** An event on its way: where it is in the log, and since when this page knows of it. */
export type Followed = {
  topic: string;
  lane: number;
  offset: number;
  title: string;
  correlation: string | null;
  since: number;
};

export type Passing = { view: string; name: string; hasPassed: boolean };

type FollowProps = {
  followed: Followed | null;
  onFollow: (followed: Followed | null) => void;
  projections: readonly Projection[];
};

/** Follows one event from its lane into each view. */
export function Follow({ followed, onFollow, projections }: FollowProps) {
  const [isWaiting, setWaiting] = useState(false);
  const own = useStore(journal)[0];
  const place = own?.stored?.places[0];
  return (
    <Panel
      title="Follow a command"
      tools={
        <Row>
          {place && own && (
            <Button
              size="s"
              onClick={() =>
                onFollow({ ...place, title: own.title, correlation: null, since: own.at })
              }
            >
              My last one
            </Button>
          )}
          <Button size="s" aria-pressed={isWaiting} onClick={() => setWaiting(!isWaiting)}>
            {isWaiting ? 'Stop waiting' : 'The next one'}
          </Button>
        </Row>
      }
    >
      {isWaiting && (
        <NextOne
          onFound={(found) => {
            setWaiting(false);
            onFollow(found);
          }}
        />
      )}
      {followed && <Hops followed={followed} projections={projections} />}
      {!followed && !isWaiting && (
        <p className={ops.quiet}>
          See an event leave its lane, reach its topic, and be passed by each view that reads it.
        </p>
      )}
    </Panel>
  );
}

const everything = {};

/** Listens to the log until one event comes. */
function NextOne({ onFound }: { onFound: (found: Followed) => void }) {
  const { events, state, failure, start } = useTail(everything);
  const [event] = events;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first event is the one.
  useEffect(() => {
    if (!event) return;
    const { topic, lane, offset, type, actor, correlationid: correlation } = event;
    const title = `${type ?? 'An event'} by ${actor ?? 'nobody'}`;
    onFound({ ...{ topic, lane, offset, title, correlation }, since: Date.parse(event.time) });
  }, [event]);
  if (state === 'failed') return <Failure what="the next event" error={failure} again={start} />;
  return <p role="status">{state === 'open' ? 'Waiting for the next event …' : 'Opening …'}</p>;
}

function Hops({
  followed,
  projections,
}: {
  followed: Followed;
  projections: readonly Projection[];
}) {
  const { topic, lane, offset, title, correlation, since } = followed;
  const views = viewsOf(followed, projections);
  const seen = useSeen(followed, views);
  return (
    <ol className={css.hops}>
      <li>
        <strong>{title}</strong>{' '}
        {correlation && (
          <To to="/ops/trace" search={{ correlation }}>
            its trace
          </To>
        )}
      </li>
      <li>
        <Badge tone="good">stored</Badge> by the writer of lane {lane}, in {topic} at offset{' '}
        {offset}
      </li>
      {views.map(({ view, hasPassed }) => (
        <li key={view}>
          <Badge tone={hasPassed ? 'good' : 'wait'}>{hasPassed ? 'passed' : 'not yet'}</Badge>{' '}
          {view}{' '}
          {hasPassed && seen.has(view) && (
            <span className={ops.quiet}>
              seen after {milliseconds(Math.max(0, (seen.get(view) ?? since) - since))}, by asking
              each second
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

/** When this page first saw a view past the event. */
function useSeen(followed: Followed, views: readonly Passing[]): ReadonlyMap<string, number> {
  const key = `${followed.topic}/${followed.lane}/${followed.offset}`;
  const known = useRef({ key, seen: new Map<string, number>() });
  if (known.current.key !== key) known.current = { key, seen: new Map() };
  const { seen } = known.current;
  for (const { view, hasPassed } of views) {
    if (hasPassed && !seen.has(view)) seen.set(view, Date.now());
  }
  return seen;
}
