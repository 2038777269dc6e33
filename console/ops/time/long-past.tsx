import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Button, Shown } from '../../look/parts.tsx';
import { Time } from '../../look/time.tsx';
import { placeOf } from '../contract.ts';
import type { Filter } from '../filter.ts';
import ops from '../ops.module.css';
import { Panel } from '../parts.tsx';
import { Moment } from './moment.tsx';
import { useNearby, useStops } from './moments.ts';
import css from './time.module.css';

/**
 * A past of any length: one slider over all of it, of which a part can be spread over the whole
 * slider, and one over the events nearby. What is kept is bounded.
 */
export function LongPast({ filter }: { filter: Filter }) {
  const { search, set } = usePlace();
  const range = { from: search.begin, until: search.end };
  const stops = useStops(filter, range);
  return (
    <Shown what="the moments" asked={stops}>
      {(times) => {
        const given = search.at && isTime(search.at) ? search.at : undefined;
        const at = given ?? times.at(-1) ?? '';
        return (
          <>
            <Coarse
              key={`${range.from} ${range.until}`}
              times={times}
              at={at}
              past={Object.keys(filter).length > 0 ? 'its past' : 'the log'}
              isPart={Boolean(range.from ?? range.until)}
              set={set}
            />
            <Nearby key={at} filter={filter} at={at} chosen={search.event} set={set} />
          </>
        );
      }}
    </Shown>
  );
}

/** A link to a short past may have the number of an event. */
export const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text)) && /-/.test(text);

type Place = {
  /** The moment around which events are shown, and the chosen one of them. */
  at?: string | undefined;
  event?: string | undefined;
  /** The part of the past that the slider spans. */
  begin?: string | undefined;
  end?: string | undefined;
};
type Set = (changed: Place) => void;

function usePlace(): { search: Place; set: Set } {
  const search = useSearch({ strict: false }) as Place & Record<string, string | undefined>;
  const navigate = useNavigate();
  const set = (changed: Place) =>
    void navigate({
      ...{ to: '/ops/time', search: { ...search, ...changed } as object },
      ...{ replace: true, resetScroll: false },
    });
  return { search, set };
}

const restMs = 150;

type CoarseProps = {
  times: readonly string[];
  at: string;
  past: string;
  isPart: boolean;
  set: Set;
};

/** Dragging tells the time at once; what has to be read follows when it rests. */
function Coarse({ times, at, past, isPart, set }: CoarseProps) {
  const last = times.length - 1;
  const reached = Math.max(
    0,
    times.findLastIndex((time) => time <= at),
  );
  const [dragged, setDragged] = useState<number | null>(null);
  const index = dragged ?? reached;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move counts.
  useEffect(() => {
    if (dragged === null) return;
    const timer = setTimeout(() => {
      setDragged(null);
      set({ at: times[dragged], event: undefined });
    }, restMs);
    return () => clearTimeout(timer);
  }, [dragged]);
  const time = times[index] ?? at;
  const closer = { begin: times[Math.max(0, index - 1)], end: times[index + 2] };
  return (
    <Panel
      title={isPart ? `A part of ${past}` : `The whole of ${past}`}
      tools={
        <>
          <Button size="s" onClick={() => set(closer)} disabled={times.length < 4}>
            Closer
          </Button>
          {isPart && (
            <Button size="s" onClick={() => set({ begin: undefined, end: undefined })}>
              All of it
            </Button>
          )}
        </>
      }
    >
      <p className={css.moment}>
        <Time at={time} precise />
      </p>
      <div className={css.slider}>
        <input
          type="range"
          aria-label="Moment"
          aria-valuetext={time}
          min={0}
          max={Math.max(1, last)}
          value={index}
          onChange={({ target }) => setDragged(Math.min(last, Number(target.value)))}
        />
        <div className={css.ends}>
          <Time at={times[0] ?? at} precise />
          <Time at={times[last] ?? at} precise />
        </div>
      </div>
      <p className={ops.small}>
        From each stop to the next there are about as many events. Closer spreads those around this
        stop over the whole slider; those nearby stand below, one by one.
      </p>
    </Panel>
  );
}

type NearbyProps = { filter: Filter; at: string; chosen: string | undefined; set: Set };

function Nearby({ filter, at, chosen, set }: NearbyProps) {
  const nearby = useNearby(filter, at);
  return (
    <Shown what="the events nearby" asked={nearby}>
      {({ events }) => {
        const found = events.findIndex((event) => placeOf(event) === chosen);
        const index = found === -1 ? Math.max(0, nearby.first) : found;
        return (
          <Moment
            title={() => 'Events nearby'}
            label="Event nearby"
            events={events}
            index={index}
            more={nearby.more}
            onRest={(to) => set({ at, event: events[to] && placeOf(events[to]) })}
          />
        );
      }}
    </Shown>
  );
}
