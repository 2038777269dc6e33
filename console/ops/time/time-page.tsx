import { useNavigate, useSearch } from '@tanstack/react-router';
import { Empty, Shown } from '../../look/parts.tsx';
import { allEvents, useScreen } from '../../shell/screen.ts';
import { whole } from '../amounts.ts';
import type { OpsEvent } from '../contract.ts';
import { FilterBar, useFilter } from '../filter-bar.tsx';
import { useHistory } from '../history.ts';
import { OpsPage, To } from '../parts.tsx';
import { isTime, LongPast } from './long-past.tsx';
import { Moment } from './moment.tsx';

const known = ['movie', 'user', 'ticket', 'stream', 'correlation'] as const;

/** How it was: a moment is chosen among the events of something, and compared with now. */
export function TimePage() {
  const filter = useFilter(known);
  useScreen('Time machine', Object.keys(filter).length > 0 ? filter : allEvents);
  const history = useHistory(filter);
  return (
    <OpsPage
      title="Time machine"
      lead={
        <>Drag through what happened, to any event. Below stands what was true then, beside now.</>
      }
    >
      <FilterBar known={known} bare="movie" placeholder="movie:m81 shows its votes, one by one" />
      <Shown what="the past" asked={history}>
        {({ events, all }) => {
          if (!all) return <LongPast filter={filter} />;
          return events.length === 0 ? <Nothing /> : <Past events={events} />;
        }}
      </Shown>
    </OpsPage>
  );
}

const Nothing = () => (
  <Empty title="Nothing happened to it">
    <p>
      Name a movie, a user, a ticket or a stream, such as{' '}
      <To to="/ops/time" search={{ movie: 'm81' }}>
        movie:m81
      </To>
      , or nothing: then all of the log is here.
    </p>
  </Empty>
);

/** @param at the number of an event, or a time. */
function indexOf(at: string | undefined, events: readonly OpsEvent[]): number {
  const last = events.length - 1;
  if (at === undefined) return last;
  const given = isTime(at) ? events.findIndex(({ time }) => time >= at) : Number(at) - 1 || 0;
  return given === -1 ? last : Math.min(last, Math.max(0, given));
}

/** A past that is short enough to be there as a whole. */
function Past({ events }: { events: readonly OpsEvent[] }) {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const navigate = useNavigate();
  const index = indexOf(search.at, events);
  const rest = (to: number) =>
    void navigate({
      to: '/ops/time',
      search: { ...search, at: String(to + 1) } as object,
      ...{ replace: true, resetScroll: false },
    });
  return (
    <Moment
      title={(at) => `Event ${whole(at + 1)} of ${whole(events.length)}`}
      label="Moment"
      events={events}
      index={index}
      onRest={rest}
    />
  );
}
