import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { Badge, Button, Empty, Failure, Shown } from '../../look/parts.tsx';
import { Time } from '../../look/time.tsx';
import { allEvents, useScreen } from '../../shell/screen.ts';
import { whole } from '../amounts.ts';
import { type OpsEvent, placeOf } from '../contract.ts';
import { EventDetails, Type } from '../events.tsx';
import { FilterBar, useFilter } from '../filter-bar.tsx';
import ops from '../ops.module.css';
import { OpsPage, Panel } from '../parts.tsx';
import { useChosen } from './chosen-event.ts';
import css from './tail.module.css';
import { type Tail, useTail } from './tail-reader.ts';

const known = [
  ...(['topic', 'type', 'movie', 'user', 'ticket'] as const),
  ...(['stream', 'correlation', 'from'] as const),
];

/** The log as it grows. */
export function TailPage() {
  const filter = useFilter(known);
  // What is there already, from the newest back.
  useScreen('Tail', { ...filter, from: undefined, ...allEvents });
  const tail = useTail(filter);
  const { place, event, linked, choose } = useChosen();
  return (
    <OpsPage
      title="Tail"
      lead="Events as they are appended; with from: also those since that time, 10,000 at most."
      tools={<span className={css.room} />}
    >
      <Switch tail={tail} />
      <FilterBar known={known} bare="type" placeholder="type:VoteCast user:alice" />
      {tail.state === 'failed' && (
        <Failure what="the tail" error={tail.failure} again={tail.start} />
      )}
      <div className={css.columns} data-chosen={place !== undefined}>
        <Panel title={`${whole(tail.seen)} events`} tools={<Told tail={tail} />} flush>
          <Rows tail={tail} chosen={event} onChosen={choose} />
        </Panel>
        {place && (
          <Panel
            title="The event"
            tools={
              <Button
                size="s"
                kind="plain"
                icon="close"
                aria-label="Close the event"
                onClick={() => choose(null)}
              />
            }
          >
            {event && <EventDetails key={placeOf(event)} event={event} />}
            {!event && (
              <Shown what="the event" asked={linked}>
                {() => (
                  <Empty title={`There is no event at ${place}`}>
                    <p>The link may be of another system, or its time another one.</p>
                  </Empty>
                )}
              </Shown>
            )}
          </Panel>
        )}
      </div>
    </OpsPage>
  );
}

function Switch({ tail }: { tail: ReturnType<typeof useTail> }) {
  const isOn = tail.state !== 'stopped' && tail.state !== 'failed';
  return (
    <div className={css.switch}>
      <Button kind="main" icon={isOn ? 'close' : 'arrow'} onClick={isOn ? tail.stop : tail.start}>
        {isOn ? 'Stop' : 'Start'}
      </Button>
    </div>
  );
}

const says = {
  stopped: ['stopped', undefined],
  opening: ['opens', 'wait'],
  open: ['live', 'good'],
  lost: ['lost, opens again', 'wait'],
  failed: ['failed', 'bad'],
} as const;

function Told({ tail: { state, dropped, forgotten, isCut } }: { tail: Tail }) {
  const [text, tone] = says[state];
  return (
    <div className={ops.tools} role="status">
      {dropped > 0 && <Badge tone="bad">dropped {whole(dropped)}</Badge>}
      {isCut && <Badge tone="bad">more than 10,000 at once: some are left out</Badge>}
      {forgotten > 0 && <Badge>{whole(forgotten)} older ones are kept no more</Badge>}
      <Badge tone={tone}>{text}</Badge>
    </div>
  );
}

const saysOfNothing: Record<Tail['state'], string> = {
  opening: 'The log is being opened …',
  open: 'Nothing yet: what happens next is shown here.',
  lost: 'Nothing yet: once the log is reached again, it goes on where it was.',
  stopped: 'Nothing is here. Start shows what happens next.',
  failed: 'Nothing is here.',
};

const rowHeight = 30;

type RowsProps = {
  tail: Tail;
  chosen: OpsEvent | null;
  onChosen: (event: OpsEvent) => void;
};

/** Only the rows in sight are drawn. The newest stay in sight unless one has scrolled up. */
function Rows({ tail, chosen, onChosen }: RowsProps) {
  const { events, seen, state } = tail;
  const scroll = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const lastTop = useRef(0);
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new event asks for it.
  useEffect(() => {
    const list = scroll.current;
    if (list && isAtEnd.current) list.scrollTop = list.scrollHeight;
  }, [seen]);
  const at = chosen ? events.findIndex((one) => isSame(one, chosen)) : -1;
  const onKeyDown = (key: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[key.key];
    if (!step || events.length === 0) return;
    key.preventDefault();
    const begin = at === -1 ? events.length : at;
    const next = Math.min(events.length - 1, Math.max(0, begin + step));
    const event = events[next];
    if (!event) return;
    isAtEnd.current = next === events.length - 1;
    onChosen(event);
    rows.scrollToIndex(next);
  };
  if (events.length === 0) {
    return (
      <div className={css.rows}>
        <p className={ops.note}>{saysOfNothing[state]}</p>
      </div>
    );
  }
  return (
    <div
      ref={scroll}
      className={css.rows}
      role="listbox"
      tabIndex={0}
      aria-label="Events, the newest last"
      aria-activedescendant={at === -1 ? undefined : `event-${at}`}
      onKeyDown={onKeyDown}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        // Events that came meanwhile move the end away; only who scrolls up leaves it.
        const isNearEnd = scrollTop + clientHeight > scrollHeight - rowHeight * 2;
        if (isNearEnd) isAtEnd.current = true;
        else if (scrollTop < lastTop.current) isAtEnd.current = false;
        lastTop.current = scrollTop;
      }}
    >
      <div role="presentation" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => (
          <Line
            key={index}
            id={`event-${index}`}
            event={events[index]}
            top={start}
            isChosen={index === at}
            onChosen={onChosen}
          />
        ))}
      </div>
    </div>
  );
}

const isSame = (a: OpsEvent, b: OpsEvent) =>
  a.offset === b.offset && a.lane === b.lane && a.topic === b.topic;

type LineProps = {
  id: string;
  event: OpsEvent | undefined;
  top: number;
  isChosen: boolean;
  onChosen: (event: OpsEvent) => void;
};

const Line = ({ id, event, top, isChosen, onChosen }: LineProps) =>
  event && (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it takes the keys.
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      className={css.line}
      style={{ transform: `translateY(${top}px)`, height: rowHeight }}
      onClick={() => onChosen(event)}
    >
      <span>
        <Time at={event.time} only="time" />
      </span>
      <Type event={event} />
      <span>{event.subject ?? event.key}</span>
      <code>{placeOf(event)}</code>
    </div>
  );
