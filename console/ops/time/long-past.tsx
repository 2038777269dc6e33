import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
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
  const { begin: from, end: until } = usePlace().search;
  const stops = useStops(filter, { from, until });
  return (
    <Shown what="the moments" asked={stops}>
      {(times) => <Sliders filter={filter} times={times} />}
    </Shown>
  );
}

function Sliders({ filter, times }: { filter: Filter; times: readonly string[] }) {
  const { search, set } = usePlace();
  const given = search.at && isTime(search.at) ? search.at : undefined;
  const at = given ?? times.at(-1) ?? '';
  const [dragged, setDragged] = useState<string | null>(null);
  const sent = useRef<string | null>(null);
  // Where the first slider is going to rest. Until then, the second one still has other events.
  const next = dragged === at ? null : dragged;
  const rest = next === null ? {} : { at: next, event: undefined };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move counts.
  useEffect(() => {
    if (next === null) return;
    const timer = setTimeout(() => {
      sent.current = next;
      set(rest);
    }, restMs);
    return () => clearTimeout(timer);
  }, [next]);
  // It may be moved again before the page is drawn at the moment that was sent.
  useEffect(() => setDragged((to) => (to === at || to === sent.current ? null : to)), [at]);
  return (
    <>
      <Coarse
        times={times}
        at={next ?? at}
        past={Object.keys(filter).length > 0 ? 'its past' : 'the log'}
        isPart={Boolean(search.begin ?? search.end)}
        onMove={(to) => setDragged(to === at ? null : to)}
        onSpan={(begin, end) => set({ ...rest, begin, end })}
      />
      <Nearby
        key={at}
        filter={filter}
        at={at}
        chosen={search.event}
        onRest={(event) => next === null && set({ at, event })}
      />
    </>
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

function usePlace(): { search: Place; set: (changed: Place) => void } {
  const search = useSearch({ strict: false }) as Place & Record<string, string | undefined>;
  const navigate = useNavigate();
  const set = (changed: Place) =>
    void navigate({
      ...{ to: '/ops/time', search: (now: object) => ({ ...now, ...changed }) as object },
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
  onMove: (to: string) => void;
  /** Asks for another part of the past, or for all of it. */
  onSpan: (begin?: string, end?: string) => void;
};

/** Dragging tells the time at once; what has to be read follows when it rests. */
function Coarse({ times, at, past, isPart, onMove, onSpan }: CoarseProps) {
  const last = times.length - 1;
  const index = Math.max(
    0,
    times.findLastIndex((time) => time <= at),
  );
  const time = times[index] ?? at;
  const closer = () => onSpan(times[Math.max(0, index - 1)], times[index + 2]);
  return (
    <Panel
      title={isPart ? `A part of ${past}` : `The whole of ${past}`}
      tools={
        <>
          <Button size="s" onClick={closer} disabled={times.length < 4}>
            Closer
          </Button>
          {isPart && (
            <Button size="s" onClick={() => onSpan()}>
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
          onChange={({ target }) => onMove(times[Math.min(last, Number(target.value))] ?? at)}
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

type NearbyProps = {
  filter: Filter;
  at: string;
  chosen: string | undefined;
  onRest: (event: string | undefined) => void;
};

function Nearby({ filter, at, chosen, onRest }: NearbyProps) {
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
            onRest={(to) => onRest(events[to] && placeOf(events[to]))}
          />
        );
      }}
    </Shown>
  );
}
