import { useNavigate, useSearch } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import { Empty, Failure, Loading, Shown } from '../../look/parts.tsx';
import { Time } from '../../look/time.tsx';
import { whole } from '../amounts.ts';
import type { StreamStep } from '../contract.ts';
import { EventDetails, Type } from '../events.tsx';
import ops from '../ops.module.css';
import { Json, Panel, To } from '../parts.tsx';
import { pageSize, useCount, useSteps } from './stream-pages.ts';
import css from './streams.module.css';

/** A stream: its events left, right the state after the chosen one, with what it changed. */
export function StreamSteps({ id }: { id: string }) {
  return (
    <Shown what="the stream" asked={useCount(id)}>
      {(count) =>
        count > 0 ? (
          <Steps key={id} id={id} count={count} />
        ) : (
          <Empty title="This stream has no events">
            <p>A stream is a topic, a slash and what it is about, as ranking/m81/alice.</p>
          </Empty>
        )
      }
    </Shown>
  );
}

const rowHeight = 36;
const pageOf = (number: number) => Math.floor((number - 1) / pageSize);

function Steps({ id, count }: { id: string; count: number }) {
  const { at } = useSearch({ strict: false }) as { at?: string };
  const navigate = useNavigate();
  const given = Math.trunc(Number(at)) || count;
  const chosen = Math.min(count, Math.max(1, given));
  const list = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => list.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    useFlushSync: false,
  });
  const shown = rows.getVirtualItems();
  const [first, last] = [shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0];
  const pages = [...new Set([first + 1, last + 1, chosen].map(pageOf))].sort((a, b) => a - b);
  const { steps, error, again } = useSteps(id, pages, count);
  // Who comes by a link, or moves by keys, sees the chosen one.
  useLayoutEffect(() => {
    if (list.current) showRow(list.current, chosen - 1);
  }, [chosen]);
  const choose = (number: number) =>
    void navigate({
      to: '/ops/streams',
      search: { stream: id, at: String(Math.min(count, Math.max(1, number))) } as object,
      // The list scrolls by itself, and the page stays where it is.
      ...{ replace: true, resetScroll: false },
    });
  const onKeyDown = (key: KeyboardEvent) => {
    const to = movesOf(chosen, count)[key.key];
    if (to === undefined) return;
    key.preventDefault();
    choose(to);
  };
  return (
    <div className={ops.columns}>
      <Panel
        title={`${whole(count)} ${count === 1 ? 'event' : 'events'}`}
        tools={<ToTime stream={id} />}
        flush
      >
        <div
          ref={list}
          className={css.events}
          role="listbox"
          tabIndex={0}
          aria-label="Events of the stream"
          aria-activedescendant={`step-${chosen}`}
          onKeyDown={onKeyDown}
        >
          <div role="presentation" style={{ height: rows.getTotalSize() }}>
            {shown.map(({ index, start }) => (
              <EventOption
                key={index}
                number={index + 1}
                top={start}
                step={steps.get(index + 1)}
                isChosen={index + 1 === chosen}
                onChosen={choose}
              />
            ))}
          </div>
        </div>
      </Panel>
      <Chosen step={steps.get(chosen)} number={chosen} error={error} again={again} />
    </div>
  );
}

const ToTime = ({ stream }: { stream: string }) => (
  <To to="/ops/time" search={{ stream }}>
    In the time machine
  </To>
);

type ChosenProps = {
  step: StreamStep | undefined;
  number: number;
  error: unknown;
  again: () => void;
};

const Chosen = ({ step, number, error, again }: ChosenProps) => (
  <div className={css.right}>
    {Boolean(error) && <Failure what="the state" error={error} again={again} />}
    {!step && !error && <Loading what="the state" rows={2} height="8rem" />}
    {step && <State step={step} number={number} />}
    {step && (
      <Panel title={`Event ${whole(number)}`}>
        <EventDetails event={step.event} />
      </Panel>
    )}
  </div>
);

function showRow(list: HTMLElement, index: number): void {
  const [top, end] = [index * rowHeight, (index + 1) * rowHeight];
  if (top < list.scrollTop) list.scrollTop = top;
  if (end > list.scrollTop + list.clientHeight) list.scrollTop = end - list.clientHeight;
}

const farther = 15;

const movesOf = (chosen: number, count: number): Record<string, number> => ({
  ...{ ArrowDown: chosen + 1, ArrowUp: chosen - 1 },
  ...{ PageDown: chosen + farther, PageUp: chosen - farther, Home: 1, End: count },
});

/** What the next command was decided on. */
const State = ({ step, number }: { step: StreamStep; number: number }) => (
  <Panel title={`The state after event ${whole(number)}`}>
    <p className={ops.small}>
      {step.changed.length > 0 ? `It changed ${step.changed.join(', ')}.` : 'It changed nothing.'}
      {!step.isWhole && ' The state is large: of large fields, only what changed is here.'}
    </p>
    <Json value={step.state} lit={step.changed} />
  </Panel>
);

type EventOptionProps = {
  number: number;
  top: number;
  /** Not there yet while its page is read. */
  step: StreamStep | undefined;
  isChosen: boolean;
  onChosen: (number: number) => void;
};

const EventOption = ({ number, top, step, isChosen, onChosen }: EventOptionProps) => (
  // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it takes the keys.
  <div
    id={`step-${number}`}
    role="option"
    tabIndex={-1}
    aria-selected={isChosen}
    className={css.event}
    style={{ transform: `translateY(${top}px)`, height: rowHeight }}
    onClick={() => onChosen(number)}
  >
    <span>{whole(number)}</span>
    {step ? <Type event={step.event} /> : <span>…</span>}
    <span className={css.who}>{step?.event.actor}</span>
    <span>{step && <Time at={step.event.time} precise />}</span>
  </div>
);
