import { useParams } from '@tanstack/react-router';
import { Empty, Shown } from '../../look/parts.tsx';
import { Time } from '../../look/time.tsx';
import { allEvents, type Behind, eventsOfTopic, useScreen } from '../../shell/screen.ts';
import { perSecond, spoken, whole } from '../amounts.ts';
import ops from '../ops.module.css';
import {
  Fact,
  Facts,
  Figure,
  Figures,
  OpsPage,
  Panel,
  Right,
  State,
  Table,
  To,
} from '../parts.tsx';
import { type Projection, useProjections } from '../system.ts';
import { Guide } from './guide.tsx';

/** One view: its generations and lanes, and the way to a new generation. */
export function ProjectionPage() {
  const { view: name } = useParams({ strict: false }) as { view: string };
  const projections = useProjections();
  useScreen(`Projection ${name}`, eventsBehind(projections.data?.items.find(isMeant(name))));
  return (
    <OpsPage title={name} lead={<To to="/ops/projections">All projections</To>}>
      <Shown what="the view" asked={projections}>
        {({ items }) => {
          const found = items.filter(isMeant(name));
          const [item] = found;
          if (!item) {
            return (
              <Empty title={`There is no view ${name}`}>
                <p>All projections, above, has those that there are.</p>
              </Empty>
            );
          }
          return (
            <>
              {found.map((one) => (
                <Now key={one.view} item={one} />
              ))}
              <Guide projection={item} />
              <Lanes item={item} />
            </>
          );
        }}
      </Shown>
    </OpsPage>
  );
}

const isMeant = (name: string) => (one: Projection) => one.name === name || one.view === name;

/** Those of the topics that the view reads, as the log names them with the system's prefix. */
function eventsBehind(view: Projection | undefined): Behind {
  const topics = Object.keys(view?.lanes[0]?.positions ?? {});
  const named = topics.map((topic) => topic.slice(topic.lastIndexOf('.') + 1));
  return named.length > 0 ? eventsOfTopic(named.join(',')) : allEvents;
}

function Now({ item }: { item: Projection }) {
  const { state, active, previous, kept, building, switchedAt, lastError, parked, view } = item;
  return (
    <>
      <Figures>
        <Figure name={view}>
          <State state={state} />
        </Figure>
        <Figure name="Behind">{spoken(item.secondsBehind)}</Figure>
        <Figure name="Events behind">{whole(item.eventsBehind)}</Figure>
        <Figure name="Rate">{perSecond(item.eventsPerSecond)}</Figure>
        <Figure name="Parked">
          {parked > 0 ? (
            <To to="/ops/dead-letters" search={{ view }}>
              {whole(parked)}
            </To>
          ) : (
            0
          )}
        </Figure>
      </Figures>
      {lastError && (
        <p className={ops.error} role="alert">
          {lastError}
        </p>
      )}
      <Facts>
        <Fact name="Served">{active ?? 'none'}</Fact>
        <Fact name="Previous">{previous ?? 'none'}</Fact>
        <Fact name="Kept for a switch">{kept.join(', ') || 'none'}</Fact>
        {building && (
          <Fact name={building.owner === null ? 'Unfinished' : 'Being built'}>
            {building.generation}
          </Fact>
        )}
        <Fact name="Served since">{switchedAt ? <Time at={switchedAt} /> : '—'}</Fact>
      </Facts>
    </>
  );
}

const Lanes = ({ item: { lanes } }: { item: Projection }) => (
  <Panel title="Lanes" flush>
    <Table
      label="Lanes of the view"
      columns={[
        ...['Lane', 'Owner', { label: 'Behind', right: true } as const],
        ...[{ label: 'Events behind', right: true } as const, 'Next offsets', 'Error'],
      ]}
    >
      {lanes.map((lane) => (
        <tr key={lane.lane}>
          <td>{lane.lane}</td>
          <td>{lane.owner ?? 'nobody'}</td>
          <Right>{spoken(lane.secondsBehind)}</Right>
          <Right>{whole(lane.eventsBehind)}</Right>
          <td>
            {Object.entries(lane.positions)
              .map(([topic, next]) => `${topic} ${whole(next)}`)
              .join(' · ')}
          </td>
          <td className={ops.bad}>{lane.error}</td>
        </tr>
      ))}
    </Table>
  </Panel>
);
