import { Navigate, useNavigate } from '@tanstack/react-router';
import { Badge, Button, Empty, Shown } from '../../look/parts.tsx';
import { useScreen } from '../../shell/screen.ts';
import { whole } from '../amounts.ts';
import type { OpsEvent } from '../contract.ts';
import { EventList } from '../event-list.tsx';
import type { Filter } from '../filter.ts';
import { FilterBar, useFilter } from '../filter-bar.tsx';
import { type Order, soughtIn, useEvents } from '../history.ts';
import ops from '../ops.module.css';
import { OpsPage, Panel, To } from '../parts.tsx';
import { StreamSteps } from './stream-steps.tsx';

const known = [
  ...(['movie', 'user', 'ticket', 'stream', 'correlation'] as const),
  ...(['topic', 'type', 'from', 'order'] as const),
];

/** The events of anything. */
export function StreamsPage() {
  const filter = useFilter(known);
  const { stream, topic, type, from, order } = filter;
  const named = { ...(topic && { topic }), ...soughtIn(filter) };
  const [name, id] = Object.entries(named).at(-1) ?? [];
  const isAsked = name !== undefined || order !== undefined;
  useScreen(name ? `Events of ${name} ${id}` : 'Streams');
  // Nothing is found by a type: the tail shows the newest of it and goes on.
  if (type && !isAsked) {
    return <Navigate to="/ops/tail" search={{ type, from: from ?? lately() }} replace />;
  }
  return (
    <OpsPage
      title={name ? `${name[0]?.toUpperCase()}${name.slice(1)} ${id}` : 'Streams'}
      lead="All that happened to something, as it stands in the log, from the first event on."
    >
      <FilterBar
        known={known}
        bare="stream"
        placeholder="movie:m81, user:alice or ranking/m81/alice"
      />
      {stream && <StreamSteps id={stream} />}
      {!stream && isAsked && <Events filter={filter} />}
      {!isAsked && <Examples />}
    </OpsPage>
  );
}

const latelyMs = 15 * 60_000;
const lately = () => new Date(Date.now() - latelyMs).toISOString();

const Examples = () => (
  <Empty title="Whose events?">
    <p>
      Name a movie, a user, a ticket, a request, or one stream: what stands behind every screen is
      found here, and “Show the events” leads here from each.
    </p>
    <ul>
      <li>
        <To to="/ops/streams" search={{ movie: 'm81' }}>
          movie:m81
        </To>{' '}
        all that happened to a movie
      </li>
      <li>
        <To to="/ops/streams" search={{ user: 'alice' }}>
          user:alice
        </To>{' '}
        all that alice did
      </li>
      <li>
        <To to="/ops/streams" search={{ stream: 'ranking/m81/alice' }}>
          stream:ranking/m81/alice
        </To>{' '}
        one stream, and what each event changed
      </li>
    </ul>
  </Empty>
);

function Events({ filter }: { filter: Filter }) {
  const { type, order: asked, ...sought } = filter;
  const order = asked === 'newest' ? 'newest' : 'oldest';
  const { events, isAll, isBusy, failed, more, asked: pages } = useEvents(sought, order);
  const types = type?.split(',');
  const shown = types ? events.filter((event) => types.includes(event.type ?? '')) : events;
  const isFull = events.length >= mostEvents;
  return (
    <Shown what="the events" asked={pages}>
      {() => (
        <>
          <StreamsOf events={shown} />
          <Panel
            title={titleOf(shown.length, order, isAll)}
            tools={<Tools filter={filter} order={order} />}
            flush
          >
            {shown.length === 0 && isAll && (
              <Empty title="No events">
                <p>Nothing ever happened to it, or its name is another one.</p>
              </Empty>
            )}
            <EventList events={shown} onEnd={isFull || failed ? nothing : more} />
            {isBusy && <p className={ops.note}>Reading on …</p>}
            {isFull && !isAll && <GoOn filter={filter} last={events.at(-1)} />}
          </Panel>
        </>
      )}
    </Shown>
  );
}

/** What is kept here is bounded; who reads on begins a new list. */
const mostEvents = 20_000;
const nothing = () => {};

function titleOf(count: number, order: Order, isAll: boolean): string {
  const events = `${whole(count)} ${count === 1 ? 'event' : 'events'}`;
  if (isAll) return events;
  return `The ${order === 'newest' ? 'newest' : 'first'} ${events}, and more as you scroll`;
}

function Tools({ filter, order }: { filter: Filter; order: Order }) {
  const navigate = useNavigate();
  const { type, topic, order: _, from: __, ...sought } = filter;
  const isOfTopic = topic !== undefined && Object.keys(sought).length === 0;
  const turned = order === 'newest' ? undefined : 'newest';
  return (
    <>
      <Button
        size="s"
        aria-pressed={order === 'newest'}
        onClick={() =>
          void navigate({ to: '/ops/streams', search: { ...filter, order: turned } as object })
        }
      >
        Newest first
      </Button>
      {isOfTopic ? (
        <To to="/ops/tail" search={{ topic, type }}>
          Follow them
        </To>
      ) : (
        <To to="/ops/time" search={sought}>
          In the time machine
        </To>
      )}
    </>
  );
}

const GoOn = ({ filter, last }: { filter: Filter; last: OpsEvent | undefined }) => (
  <p className={ops.note}>
    A list has {whole(mostEvents)} events.{' '}
    <To to="/ops/streams" search={{ ...filter, from: last?.time }}>
      Go on from here
    </To>
  </p>
);

/** The streams that the events are of, the fullest first. */
function StreamsOf({ events }: { events: readonly OpsEvent[] }) {
  const counts = new Map<string, number>();
  for (const { subject } of events) {
    if (subject) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  }
  if (counts.size < 2) return null;
  const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, mostStreams);
  return (
    <Panel title={`${whole(counts.size)} streams`}>
      <ul className={ops.chips}>
        {most.map(([subject, count]) => (
          <li key={subject}>
            <To to="/ops/streams" search={{ stream: subject }}>
              {subject}
            </To>{' '}
            <Badge>{whole(count)}</Badge>
          </li>
        ))}
        {counts.size > mostStreams && <li>and more</li>}
      </ul>
    </Panel>
  );
}

const mostStreams = 12;
