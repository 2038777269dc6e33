import { Badge, Empty, Shown } from '../look/parts.tsx';
import { allEvents, useScreen } from '../shell/screen.ts';
import { perSecond, spoken, whole } from './amounts.ts';
import { FilterBar, useFilter } from './filter-bar.tsx';
import ops from './ops.module.css';
import { OpsPage, Panel, Right, State, Table, To } from './parts.tsx';
import {
  type Lane,
  type Lanes,
  type Reactors,
  type Readers,
  useLanes,
  useReactors,
  useReaders,
} from './system.ts';
import { saysOfReader } from './troubles.ts';

const known = ['lane', 'error'] as const;

const right = (label: string) => ({ label, right: true }) as const;

/** Who writes each lane, every node, the reactors, and who answers queries. */
export function LanesPage() {
  useScreen('Lanes', allEvents);
  const lanes = useLanes();
  const reactors = useReactors();
  const readers = useReaders();
  return (
    <OpsPage
      title="Lanes"
      lead={
        <>
          Each lane of the log has one writer at a time, by a lease; a node that dies loses its
          lanes to the others.
        </>
      }
    >
      <FilterBar known={known} bare="lane" placeholder="lane:3, or error:doubt" />
      <Shown what="the lanes" asked={lanes}>
        {(data) => (
          <>
            <Writers lanes={data} />
            <Nodes nodes={data.nodes} />
          </>
        )}
      </Shown>
      <Panel title="Reactors" flush>
        <Shown what="the reactors" asked={reactors}>
          {(data) => <AllReactors {...data} />}
        </Shown>
      </Panel>
      <Panel title="Processes of query-api" flush>
        <Shown what="the processes of query-api" asked={readers}>
          {(data) => <AllReaders {...data} />}
        </Shown>
      </Panel>
    </OpsPage>
  );
}

function AllReactors({ items }: Reactors) {
  return items.length === 0 ? (
    <Empty title="There are no reactors">
      <p>Nobody does anything because of events. The service reactors does, once it runs.</p>
    </Empty>
  ) : (
    <Table
      label="All reactors"
      columns={['Reactor', 'State', right('Events behind'), right('Parked'), 'Lanes', 'Last error']}
    >
      {items.map((reactor) => (
        <tr key={reactor.name}>
          <td>
            <strong>{reactor.name}</strong>
          </td>
          <td>
            <State state={reactor.state} />
          </td>
          <Right>{whole(reactor.eventsBehind)}</Right>
          <Right>
            {reactor.parked > 0 ? (
              <To to="/ops/dead-letters" search={{ view: `reactor:${reactor.name}` }}>
                {whole(reactor.parked)}
              </To>
            ) : (
              0
            )}
          </Right>
          <td>{reactor.lanes.map(({ lane }) => lane).join(', ')}</td>
          <td className={ops.bad}>{reactor.lastError}</td>
        </tr>
      ))}
    </Table>
  );
}

function Writers({ lanes: { items } }: { lanes: Lanes }) {
  const { lane, error } = useFilter(known);
  const shown = items.filter(
    (one) =>
      (lane === undefined || String(one.lane) === lane) &&
      (one.trouble ?? '').toLowerCase().includes((error ?? '').toLowerCase()),
  );
  return (
    <Panel title="Writers" flush>
      {shown.length === 0 && (
        <Empty title="No lane is like this">
          <p>Take a part of the filter away, or clear it.</p>
        </Empty>
      )}
      {shown.length > 0 && (
        <Table
          label="Writers of the lanes"
          columns={[
            ...['Lane', 'Owner', right('Term'), right('Lease left')],
            ...[right('Commands'), right('Transactions'), right('Events')],
            ...[right('p50'), right('p99'), right('Waiting'), right('In doubt'), 'Trouble'],
          ]}
        >
          {shown.map((one) => (
            <Writer key={one.lane} lane={one} />
          ))}
        </Table>
      )}
    </Panel>
  );
}

const Writer = ({ lane }: { lane: Lane }) => (
  <tr>
    <td>
      <strong>{lane.lane}</strong>
    </td>
    <td>
      {lane.owner ?? <span className={ops.bad}>nobody</span>}
      <div className={ops.small}>{lane.url}</div>
    </td>
    <Right>{lane.term}</Right>
    <Right>{(lane.leaseMs / 1_000).toFixed(1)} s</Right>
    <Right>{perSecond(lane.commandsPerSecond)}</Right>
    <Right>{perSecond(lane.transactionsPerSecond)}</Right>
    <Right>{perSecond(lane.eventsPerSecond)}</Right>
    <Right>{lane.latencyMs ? `${lane.latencyMs.p50.toFixed(1)} ms` : '—'}</Right>
    <Right>{lane.latencyMs ? `${lane.latencyMs.p99.toFixed(1)} ms` : '—'}</Right>
    <Right>{whole(lane.waiting)}</Right>
    <Right>{whole(lane.inDoubt)}</Right>
    <td className={ops.bad}>
      {[lane.trouble, lane.failed.length > 0 && `not ${lane.failed.join(', ')}`]
        .filter(Boolean)
        .join('; ')}
    </td>
  </tr>
);

const Nodes = ({ nodes }: { nodes: Lanes['nodes'] }) => (
  <Panel title="Nodes" flush>
    <Table label="All nodes" columns={['Node', 'Has', 'State', 'Trouble']}>
      {nodes.map((node) => (
        <tr key={node.url}>
          <td>{node.url}</td>
          <td>{node.roles.join(', ')}</td>
          <td>
            {node.reached && node.ready && <Badge tone="good">ready</Badge>}
            {node.reached && !node.ready && <Badge tone="wait">not ready</Badge>}
            {!node.reached && <Badge tone="bad">no answer</Badge>}
          </td>
          <td className={ops.bad}>{node.trouble}</td>
        </tr>
      ))}
    </Table>
  </Panel>
);

function AllReaders({ items }: Readers) {
  return items.length === 0 ? (
    <Empty title="No process of query-api is known">
      <p>One that can’t write to MongoDB tells nobody that it is there.</p>
    </Empty>
  ) : (
    <Table
      label="All processes of query-api"
      columns={['Node', 'State', right('Behind'), right('Answer'), 'In memory', 'Trouble']}
    >
      {items.map((reader) => (
        <tr key={reader.url}>
          <td>{reader.url}</td>
          <td>
            <State state={reader.state} />
          </td>
          <Right>{reader.secondsBehind === null ? '—' : spoken(reader.secondsBehind)}</Right>
          <Right>{reader.answerMs === null ? '—' : `${whole(reader.answerMs)} ms`}</Right>
          <td>{inMemory(reader.copies)}</td>
          <td className={ops.bad}>{saysOfReader(reader)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** A view may have several copies; one that isn't loaded is told apart. */
const inMemory = (copies: Readers['items'][number]['copies']): string =>
  [...new Set(copies.map(({ view, generation }) => generation ?? `not yet ${view}`))].join(', ');
