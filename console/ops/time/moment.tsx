import { useEffect, useState } from 'react';
import { Button } from '../../look/parts.tsx';
import { Time } from '../../look/time.tsx';
import { type OpsEvent, placeOf } from '../contract.ts';
import { Type } from '../events.tsx';
import ops from '../ops.module.css';
import { Panel, To } from '../parts.tsx';
import { StreamThen } from './stream-then.tsx';
import css from './time.module.css';
import { ViewsThen } from './views-then.tsx';

const restMs = 150;

/** So near to an end, more events are asked for. */
const nearEnd = 5;

type MomentProps = {
  title(index: number): string;
  label: string;
  events: readonly OpsEvent[];
  index: number;
  /** Asks for more events on a side that has some. */
  more?: { before: (() => void) | null; after: (() => void) | null };
  /** Dragging moves at once; the address and what has to be read follow when it rests. */
  onRest(index: number): void;
};

/** A slider that stops at each event, and what was true at the chosen one, beside now. */
export function Moment({ title, label, events, index: given, more, onRest }: MomentProps) {
  const last = events.length - 1;
  // More events before it move the chosen one on.
  const [moved, setMoved] = useState<string | null>(null);
  const found = moved === null ? -1 : events.findIndex((event) => placeOf(event) === moved);
  const index = found === -1 ? given : found;
  const move = (to: number) => {
    const event = events[Math.min(last, Math.max(0, to))];
    if (event) setMoved(placeOf(event));
    if (to < nearEnd) more?.before?.();
    if (to > last - nearEnd) more?.after?.();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move counts.
  useEffect(() => {
    if (moved === null || index === given) return;
    const timer = setTimeout(() => onRest(index), restMs);
    return () => clearTimeout(timer);
  }, [moved, index, given]);
  const event = events[index];
  const settled = events[given];
  if (!event || !settled) return null;
  return (
    <>
      <Panel
        title={title(index)}
        tools={
          <Moves
            stream={event.subject}
            before={index > 0 || more?.before ? () => move(index - 1) : null}
            after={index < last || more?.after ? () => move(index + 1) : null}
          />
        }
      >
        <div className={css.slider}>
          <Marks events={events} index={index} />
          <input
            type="range"
            aria-label={label}
            aria-valuetext={`${event.type ?? 'An event'}, ${event.time}`}
            min={0}
            max={last}
            value={index}
            onChange={({ target }) => move(Number(target.value))}
          />
        </div>
        <p className={css.moment}>
          <Time at={event.time} precise /> <Type event={event} />{' '}
          <span className={ops.quiet}>
            {event.subject} · {event.actor}
          </span>
        </p>
      </Panel>
      {settled.subject && <StreamThen event={settled} stream={settled.subject} />}
      <ViewsThen event={settled} />
    </>
  );
}

type MovesProps = {
  stream: string | null;
  before: (() => void) | null;
  after: (() => void) | null;
};

const Moves = ({ stream, before, after }: MovesProps) => (
  <>
    {stream && (
      <To to="/ops/streams" search={{ stream }}>
        Its stream
      </To>
    )}
    <Button size="s" onClick={() => before?.()} disabled={before === null}>
      Before
    </Button>
    <Button size="s" onClick={() => after?.()} disabled={after === null}>
      After
    </Button>
  </>
);

const mostMarks = 300;

/** A mark for each event, or for some of very many; kinds of events differ in height. */
function Marks({ events, index }: { events: readonly OpsEvent[]; index: number }) {
  const every = Math.ceil(events.length / mostMarks);
  const last = Math.max(1, events.length - 1);
  const kinds = [...new Set(events.map(({ type }) => type))];
  return (
    <svg className={css.marks} viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true">
      {events.map((event, at) =>
        at % every === 0 || at === index ? (
          <line
            key={placeOf(event)}
            data-passed={at <= index}
            x1={(at / last) * 1_000}
            x2={(at / last) * 1_000}
            y1={24}
            y2={4 + (kinds.indexOf(event.type) % 4) * 4}
          />
        ) : null,
      )}
    </svg>
  );
}
