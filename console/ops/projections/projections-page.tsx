import { Link } from '@tanstack/react-router';
import { Badge, Empty, Shown } from '../../look/parts.tsx';
import { allEvents, useScreen } from '../../shell/screen.ts';
import { perSecond, spoken, whole } from '../amounts.ts';
import { filterIn } from '../filter.ts';
import { FilterBar, useFilter } from '../filter-bar.tsx';
import ops from '../ops.module.css';
import { OpsPage, Panel, Right, State, Table, To } from '../parts.tsx';
import { Spark } from '../spark.tsx';
import { type Projection, type Projections, useProjections } from '../system.ts';
import { AsOfs } from './as-ofs.tsx';

const known = ['view', 'state', 'error'] as const;

/** Every view, trouble first. */
export function ProjectionsPage() {
  useScreen('Projections', allEvents);
  const projections = useProjections();
  return (
    <OpsPage
      title="Projections"
      lead={
        <>
          The views, and how far each is behind the log. Open one to rebuild it, compare, and
          switch.
        </>
      }
    >
      <FilterBar known={known} bare="view" placeholder="state:behind, or the name of a view" />
      <Shown what="the projections" asked={projections}>
        {(data) => <Views projections={data} />}
      </Shown>
    </OpsPage>
  );
}

function Views({ projections }: { projections: Projections }) {
  const filter = filterIn(useFilter(known), known);
  const { view = '', state, error = '' } = filter;
  const items = projections.items.filter(
    (one) =>
      one.view.includes(view) &&
      (state === undefined || one.state === state) &&
      (one.lastError ?? '').toLowerCase().includes(error.toLowerCase()),
  );
  return (
    <>
      <Panel title={`${items.length} views`} flush>
        {items.length === 0 && (
          <Empty title="No view is like this">
            <p>Take a part of the filter away, or clear it.</p>
          </Empty>
        )}
        {items.length > 0 && (
          <Table
            label="Views"
            columns={[
              ...['View', 'State', { label: 'Parked', right: true } as const],
              ...[{ label: 'Behind', right: true } as const, 'Last 15 minutes'],
              ...[{ label: 'Events behind', right: true } as const],
              ...[{ label: 'Rate', right: true } as const, 'Last error'],
            ]}
          >
            {items.map((item) => (
              <View key={item.view} item={item} />
            ))}
          </Table>
        )}
      </Panel>
      <AsOfs asOfs={projections.asOfs} />
    </>
  );
}

function View({ item }: { item: Projection }) {
  const { view, name, state, parked, lastError, trend, building } = item;
  const most = Math.max(0, ...trend.map(({ secondsBehind }) => secondsBehind));
  return (
    <tr>
      <td>
        <Link to="/ops/projections/$view" params={{ view: name }} className={ops.link}>
          <strong>{view}</strong>
        </Link>
        <div className={ops.small}>{item.active ?? 'not served'}</div>
      </td>
      <td>
        <State state={state} />
        {building && (
          <div className={ops.small}>
            {building.owner === null && 'unfinished: '}
            {building.lanes} of {building.of} lanes
          </div>
        )}
      </td>
      <Right>
        {parked > 0 ? (
          <Badge tone="bad">
            <To to="/ops/dead-letters" search={{ view }}>
              {whole(parked)}
            </To>
          </Badge>
        ) : (
          0
        )}
      </Right>
      <Right>
        {spoken(item.secondsBehind)} <Direction item={item} />
      </Right>
      <td>
        <Spark
          label={`Behind: ${spoken(most)} at most`}
          points={trend.map(({ at, secondsBehind }) => ({ at, value: secondsBehind }))}
        />
      </td>
      <Right>{whole(item.eventsBehind)}</Right>
      <Right>{perSecond(item.eventsPerSecond)}</Right>
      <td className={ops.bad}>{lastError}</td>
    </tr>
  );
}

/** Points of 25 seconds: they are 5 s apart. */
const lately = 6;

/** Whether it catches up or falls behind. */
function Direction({ item: { trend, secondsBehind } }: { item: Projection }) {
  const before = trend.at(-lately)?.secondsBehind ?? secondsBehind;
  const change = secondsBehind - before;
  if (Math.abs(change) < 0.5) {
    return (
      <span className={ops.quiet} role="img" aria-label="and stays so">
        →
      </span>
    );
  }
  return change > 0 ? (
    <span className={ops.bad} role="img" aria-label="and more so">
      ↑
    </span>
  ) : (
    <span role="img" aria-label="and catching up">
      ↓
    </span>
  );
}
