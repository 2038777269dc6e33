import { Button, Empty, Failure, Loading, Shown } from '../../look/parts.tsx';
import { Time } from '../../look/time.tsx';
import { allEvents, useScreen } from '../../shell/screen.ts';
import { whole } from '../amounts.ts';
import type { OpsEvent } from '../contract.ts';
import { Type } from '../events.tsx';
import { FilterBar, useFilter } from '../filter-bar.tsx';
import { useEvents } from '../history.ts';
import ops from '../ops.module.css';
import { OpsPage, Panel, Table, To } from '../parts.tsx';
import { useTail } from '../tail/tail-reader.ts';
import { Waterfall } from './waterfall.tsx';

const known = ['correlation'] as const;

/** All that one request brought about. */
export function TracePage() {
  const { correlation } = useFilter(known);
  const title = correlation ? `Trace of ${correlation}` : 'Trace';
  useScreen(title, correlation ? { correlation } : allEvents);
  return (
    <OpsPage
      title="Trace"
      lead={
        <>
          One request: its transaction, the views that its events went to, and what reactors did
          because of them.
        </>
      }
    >
      <FilterBar
        known={known}
        bare="correlation"
        placeholder="the id of a request: X-Request-Id of its answer"
      />
      {correlation ? <Trace correlation={correlation} /> : <Newest />}
    </OpsPage>
  );
}

function Trace({ correlation }: { correlation: string }) {
  const { asked, events, isAll, isBusy, failed, more } = useEvents({ correlation }, 'oldest');
  return (
    <Shown what="the events of the request" asked={asked}>
      {() =>
        events.length === 0 ? (
          <Empty title="No event has this correlation">
            <p>A request that changed nothing leaves no events, and reads never do.</p>
          </Empty>
        ) : (
          <>
            <Waterfall events={events} isAll={isAll} />
            {!isAll && !failed && (
              <p className={ops.note}>
                These are its first {whole(events.length)} events.{' '}
                <Button size="s" disabled={isBusy} onClick={more}>
                  More events
                </Button>
              </p>
            )}
          </>
        )
      }
    </Shown>
  );
}

const latelyMs = 10 * 60_000;
const shown = 20;
const since = { from: new Date(Date.now() - latelyMs).toISOString() };

/** The newest requests that made events. */
function Newest() {
  const tail = useTail(since);
  const requests = Object.values(
    Object.groupBy(tail.events, ({ correlationid }) => correlationid ?? ''),
  ).flatMap((events) => (events?.[0]?.correlationid ? [events] : []));
  return (
    <Panel title="The newest requests" flush>
      {tail.state === 'failed' && (
        <Failure what="the newest requests" error={tail.failure} again={tail.start} />
      )}
      {requests.length === 0 && (tail.state === 'opening' || tail.state === 'lost') && (
        <Loading what="the newest requests" rows={3} />
      )}
      {requests.length === 0 && tail.state === 'open' && (
        <Empty title="None in the last ten minutes">
          <p>Vote for something, and it stands here.</p>
        </Empty>
      )}
      {requests.length > 0 && (
        <Table label="Requests, the newest first" columns={['When', 'Events', 'Who', 'Request']}>
          {requests
            .slice(-shown)
            .toReversed()
            .map((events) => (
              <Request key={events[0]?.correlationid} events={events} />
            ))}
        </Table>
      )}
    </Panel>
  );
}

function Request({ events }: { events: readonly OpsEvent[] }) {
  const [first] = events;
  if (!first?.correlationid) return null;
  return (
    <tr>
      <td>
        <Time at={first.time} only="time" />
      </td>
      <td>
        {events.map((event) => (
          <span key={event.id}>
            <Type event={event} />{' '}
          </span>
        ))}
      </td>
      <td className={ops.quiet}>{first.actor}</td>
      <td>
        <To to="/ops/trace" search={{ correlation: first.correlationid }}>
          {first.correlationid}
        </To>
      </td>
    </tr>
  );
}
