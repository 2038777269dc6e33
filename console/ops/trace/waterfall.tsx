import { Icon } from '../../look/icons.tsx';
import { Badge, Failure, Loading, MissedRead } from '../../look/parts.tsx';
import { milliseconds, Time } from '../../look/time.tsx';
import { spoken, whole } from '../amounts.ts';
import type { OpsEvent } from '../contract.ts';
import { EventList } from '../event-list.tsx';
import { Place } from '../events.tsx';
import { Fact, Facts, Panel, To } from '../parts.tsx';
import { type Projection, useProjections } from '../system.ts';
import { placesOf, type Step, stepsOf, viewsOf } from './steps.ts';
import css from './trace.module.css';

/** Request → transaction → views → reactions, in the order in which they happened. */
export function Waterfall({ events, isAll }: { events: readonly OpsEvent[]; isAll: boolean }) {
  const projections = useProjections();
  const steps = stepsOf(events);
  const places = placesOf(steps);
  const [first, last] = [steps[0], steps.at(-1)];
  if (!first || !last) return null;
  const [event] = first.events;
  return (
    <>
      <Facts>
        <Fact name="Request">{event?.correlationid}</Fact>
        <Fact name="By">{event?.actor ?? 'nobody'}</Fact>
        <Fact name="Began">
          <Time at={first.at} precise />
        </Fact>
        <Fact name={isAll ? 'Until its last event' : 'Until the last of these'}>
          {milliseconds(last.at - first.at)}
        </Fact>
      </Facts>
      {projections.error && projections.data === undefined && (
        <Failure
          what="which views show it"
          error={projections.error}
          again={() => void projections.refetch()}
        />
      )}
      {projections.isPending && <Loading what="which views show it" rows={1} />}
      <MissedRead asked={projections} what="which views show it" />
      <Panel title={`${isAll ? '' : 'The first '}${counted(steps.length)}`} flush>
        <ol className={css.steps}>
          {steps.map((step, index) => (
            <Transaction
              key={step.events[0]?.id}
              step={step}
              place={places[index] ?? { place: 0, isCut: false }}
              projections={projections.data?.items ?? []}
            />
          ))}
        </ol>
      </Panel>
      <Panel title="Events" flush>
        <EventList events={events} onEnd={nothing} />
      </Panel>
    </>
  );
}

const counted = (steps: number): string =>
  steps === 1 ? '1 transaction' : `${whole(steps)} transactions`;

const nothing = () => {};

type TransactionProps = {
  step: Step;
  place: { place: number; isCut: boolean };
  projections: readonly Projection[];
};

function Transaction({ step, place: { place, isCut }, projections }: TransactionProps) {
  const { events, depth, afterMs } = step;
  const views = new Map(
    events.flatMap((event) => viewsOf(event, projections)).map((one) => [one.view, one]),
  );
  return (
    <li className={css.step}>
      <div className={css.what} style={{ paddingLeft: `${depth * 1.25}rem` }}>
        {depth > 0 && <Icon name="arrow" />}
        <div>
          {events.map((event) => (
            <p key={event.id}>
              <strong>{event.type ?? 'undecodable'}</strong> <Place event={event} />
            </p>
          ))}
          <p className={css.who}>
            {depth === 0 ? 'the request' : `reaction of ${events[0]?.actor}`}
          </p>
        </div>
      </div>
      <div className={css.line}>
        {isCut && (
          <span className={css.cut} style={{ left: `${place * 100}%` }}>
            {spoken(afterMs / 1_000)} of nothing
          </span>
        )}
        <span className={css.mark} style={{ left: `${place * 100}%` }} />
        <span className={css.after}>{afterMs === 0 ? '' : `+${milliseconds(afterMs)}`}</span>
      </div>
      <div className={css.views}>
        {[...views.values()].map(({ view, name, hasPassed }) => (
          <Badge key={view} tone={hasPassed ? 'good' : 'wait'}>
            <To to={`/ops/projections/${name}`}>{view}</To> {hasPassed ? 'shows it' : 'not yet'}
          </Badge>
        ))}
      </div>
    </li>
  );
}
