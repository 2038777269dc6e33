import { useRef, useState } from 'react';
import { Badge, Failure, Loading, MissedRead } from '../../look/parts.tsx';
import { Time } from '../../look/time.tsx';
import { allEvents, useScreen } from '../../shell/screen.ts';
import { perSecond, spoken, whole } from '../amounts.ts';
import ops from '../ops.module.css';
import { Figure, Figures, OpsPage, Panel, To } from '../parts.tsx';
import {
  type Lanes,
  type Projections,
  type Reactors,
  useLanes,
  useProjections,
  useReactors,
  useReaders,
} from '../system.ts';
import { viewsOf } from '../trace/steps.ts';
import { type Trouble, troublesOf } from '../troubles.ts';
import { Drawing } from './drawing.tsx';
import css from './flow.module.css';
import { Follow, type Followed } from './follow.tsx';
import { boxId, graphOf } from './graph.ts';

/** The system in one picture, trouble first. */
export function FlowPage() {
  useScreen('Flow', allEvents);
  const projections = useProjections();
  const lanes = useLanes();
  const reactors = useReactors();
  const readers = useReaders();
  const all = [projections, lanes, reactors, readers];
  const before = useEarlier(projections.data);
  const [followed, setFollowed] = useState<Followed | null>(null);
  const failed = all.filter(({ error, data }) => error && !data);
  const missed = all.find(({ error, data }) => error && data);
  const again = () => {
    for (const one of failed) void one.refetch();
  };
  const isThere = all.every(({ data }) => data);
  const known = projections.data?.items ?? [];
  return (
    <OpsPage
      title="Flow"
      lead="Commands become events, events become views. Each box leads to what it shows."
      tools={
        projections.data && (
          <span className={ops.quiet}>
            as of <Time at={projections.data.at} only="time" />
          </span>
        )
      }
    >
      {failed[0] && <Failure what={what} error={failed[0].error} again={again} />}
      {missed && <MissedRead what={what} asked={missed} />}
      {!isThere && !failed[0] && <Loading what={what} rows={4} height="5rem" />}
      {projections.data && lanes.data && reactors.data && readers.data && (
        <div className={css.state} data-old={missed ? true : undefined}>
          <Troubles
            troubles={troublesOf(projections.data, lanes.data, reactors.data, readers.data)}
            wasAt={missed && projections.data.at}
          />
          <Sums projections={projections.data} lanes={lanes.data} reactors={reactors.data} />
          <Panel title="From command to screen">
            <Drawing
              graph={graphOf({
                projections: projections.data,
                before,
                lanes: lanes.data,
                reactors: reactors.data,
                readers: readers.data,
              })}
              {...litBy(followed, projections.data)}
            />
          </Panel>
        </div>
      )}
      {isThere && <Follow followed={followed} onFollow={setFollowed} projections={known} />}
    </OpsPage>
  );
}

const what = 'the state of the system';

const earlierMs = 1_500;

/** An answer from a moment before the current one. */
function useEarlier(now: Projections | undefined): Projections | null {
  const kept = useRef<readonly Projections[]>([]);
  if (now && kept.current.at(-1)?.at !== now.at) kept.current = [...kept.current.slice(-4), now];
  const until = Date.parse(now?.at ?? '') - earlierMs;
  return kept.current.findLast(({ at }) => Date.parse(at) <= until) ?? null;
}

function litBy(followed: Followed | null, { items }: Projections) {
  if (!followed) return { lit: new Set<string>(), passed: new Set<string>() };
  const topic = followed.topic.slice(followed.topic.lastIndexOf('.') + 1);
  const views = viewsOf(followed, items);
  const stored = [boxId.lane(followed.lane), boxId.topic(topic)];
  const hasPassed = views.filter((view) => view.hasPassed).map(({ view }) => boxId.view(view));
  return {
    lit: new Set([...stored, ...views.map(({ view }) => boxId.view(view))]),
    passed: new Set([...stored, ...hasPassed]),
  };
}

type TroublesProps = { troubles: readonly Trouble[]; wasAt: string | undefined };

/** @param wasAt when that was read, if it couldn't be read again. */
function Troubles({ troubles, wasAt }: TroublesProps) {
  if (troubles.length === 0 && wasAt) {
    return (
      <p role="status">
        <Badge tone="wait">Not known</Badge>{' '}
        <span className={ops.quiet}>
          All was well at <Time at={wasAt} only="time" />.
        </span>
      </p>
    );
  }
  if (troubles.length === 0) {
    return (
      <p role="status">
        <Badge tone="good">All is well</Badge>{' '}
        <span className={ops.quiet}>
          Nothing is stopped, stalled, parked or in doubt; each service is there, and every node
          answers.
        </span>
      </p>
    );
  }
  return (
    <Panel title={`${troubles.length} in trouble`}>
      <div role="status">
        <ul className={css.troubles}>
          {troubles.map(({ what, says, isBad, to, search }) => (
            <li key={`${what} ${says}`}>
              <Badge tone={isBad ? 'bad' : 'wait'}>{isBad ? 'trouble' : 'look'}</Badge>
              <span>
                <To to={to} {...(search && { search })}>
                  <strong>{what}</strong>
                </To>{' '}
                {says}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}

type SumsProps = { projections: Projections; lanes: Lanes; reactors: Reactors };

function Sums({ projections, lanes, reactors }: SumsProps) {
  const sum = (of: 'commandsPerSecond' | 'eventsPerSecond' | 'waiting') =>
    lanes.items.reduce((total, lane) => total + lane[of], 0);
  const slowest = Math.max(0, ...projections.items.map(({ secondsBehind }) => secondsBehind));
  const readers = [...projections.items, ...reactors.items];
  const parked = readers.reduce((total, reader) => total + reader.parked, 0);
  return (
    <Figures>
      <Figure name="Commands">{perSecond(sum('commandsPerSecond'))}</Figure>
      <Figure name="Events">{perSecond(sum('eventsPerSecond'))}</Figure>
      <Figure name="Waiting commands">{whole(sum('waiting'))}</Figure>
      <Figure name="Slowest view">
        {slowest === 0 ? 'caught up' : `${spoken(slowest)} behind`}
      </Figure>
      <Figure name="Parked events">{whole(parked)}</Figure>
    </Figures>
  );
}
