import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type OpsEvent, placeOf } from './contract.ts';
import css from './events.module.css';
import { EventLine } from './events.tsx';

const rowHeight = 37;

type EventListProps = {
  events: readonly OpsEvent[];
  /** Called where the last ones come into sight. */
  onEnd(): void;
};

/** Events in lines that open. Only those in sight are drawn, however many there are. */
export function EventList({ events, onEnd }: EventListProps) {
  const list = useRef<HTMLOListElement>(null);
  const [top, setTop] = useState(0);
  // What stands above the list may change its height.
  useLayoutEffect(() => {
    const measured = list.current?.getBoundingClientRect().top ?? 0;
    setTop(Math.round(measured + window.scrollY));
  });
  const rows = useWindowVirtualizer({
    count: events.length,
    estimateSize: () => rowHeight,
    getItemKey: (index) => (events[index] ? placeOf(events[index]) : index),
    overscan: 10,
    scrollMargin: top,
    useFlushSync: false,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last + 20 >= events.length) onEnd();
  }, [last, events.length, onEnd]);
  return (
    <ol ref={list} className={css.long} style={{ height: rows.getTotalSize() }}>
      {shown.map(({ index, key, start }) => {
        const event = events[index];
        return (
          event && (
            <EventLine
              key={key}
              event={event}
              row={{
                ref: rows.measureElement,
                'data-index': index,
                style: { transform: `translateY(${start - top}px)` },
              }}
            />
          )
        );
      })}
    </ol>
  );
}
