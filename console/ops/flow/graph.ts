import { perSecond, spoken, whole } from '../amounts.ts';
import type { Lanes, Projection, Projections, Reactors, Reader, Readers } from '../system.ts';
import { workerRole } from '../troubles.ts';
import type { Group } from './layout.ts';

/** The system as boxes and arrows. */

export type Tone = 'good' | 'wait' | 'bad' | 'calm';
export type Box = {
  id: string;
  label: string;
  says: string;
  tone: Tone | null;
  to: string;
  search?: Record<string, string>;
};
/** What goes along it, and how much a second. */
export type Arrow = { from: string; to: string; of: 'events' | 'commands'; perSecond: number };
export type Graph = { groups: (Omit<Group, 'boxes'> & { boxes: Box[] })[]; arrows: Arrow[] };

const toneOf: Record<string, Tone> = {
  ...{ live: 'good', behind: 'wait', building: 'calm', 'trying-again': 'wait' },
  ...{ stopped: 'bad', stalled: 'bad', unserved: 'bad', away: 'bad' },
  ...{ slow: 'wait', 'not-ready': 'bad', gone: 'bad' },
};

const shortName = (topic: string): string => topic.slice(topic.lastIndexOf('.') + 1);

/** Topics without the system's prefix. */
const topicsOf = ({ lanes }: Projection): string[] => {
  const names = lanes.flatMap(({ positions }) => Object.keys(positions));
  return [...new Set(names.map(shortName))];
};

export const boxId = {
  lane: (lane: number) => `lane ${lane}`,
  topic: (topic: string) => `topic ${topic}`,
  view: (view: string) => `view ${view}`,
  reactor: (name: string) => `reactor ${name}`,
  reader: (url: string) => `query-api at ${new URL(url).host}`,
};

/** Each process of query-api reads the same. */
const reading = 'query-api';
/** Where commands are decided: all lanes of the picture. */
export const decides = 'command-api';

type Rates = ReadonlyMap<string, number>;

/** Events a second on each arrow: how far offsets have grown from one look to the next. */
function ratesBetween(before: Projections | null, now: Projections): Rates {
  const rates = new Map<string, number>();
  const seconds = before ? (Date.parse(now.at) - Date.parse(before.at)) / 1_000 : 0;
  if (seconds <= 0) return rates;
  const add = (from: string, to: string, rate: number) => {
    rates.set(`${from} ${to}`, (rates.get(`${from} ${to}`) ?? 0) + rate);
  };
  for (const { view, lanes } of now.items) {
    const earlier = before?.items.find((one) => one.view === view);
    for (const { lane, positions } of lanes) {
      const was = earlier?.lanes.find((one) => one.lane === lane)?.positions;
      for (const [name, next] of Object.entries(positions)) {
        const rate = was ? Math.max(0, next - (was[name] ?? 0)) / seconds : 0;
        if (rate === 0) continue;
        const topic = boxId.topic(shortName(name));
        add(topic, boxId.view(view), rate);
        add(boxId.view(view), reading, rate);
      }
    }
  }
  return rates;
}

/**
 * Events a second that each lane writes to each topic: its events, in the proportion in which the
 * furthest views have come on in its topics. These alone may be catching up.
 */
function writtenBetween(before: Projections | null, now: Projections, lanes: Lanes): Rates {
  const heads = headsOf(now);
  const headsBefore = headsOf(before);
  const written = new Map<string, number>();
  for (const { lane, eventsPerSecond } of lanes.items) {
    const grown = [...heads].flatMap(([at, next]): [string, number][] => {
      const [name = '', of = ''] = at.split(' ');
      const more = next - (headsBefore.get(at) ?? next);
      return of === String(lane) && more > 0 ? [[shortName(name), more]] : [];
    });
    const all = grown.reduce((sum, [, more]) => sum + more, 0);
    for (const [topic, more] of grown) {
      written.set(`${boxId.lane(lane)} ${boxId.topic(topic)}`, (more / all) * eventsPerSecond);
    }
  }
  return written;
}

/** How far any view has come in each lane of a topic. */
function headsOf(projections: Projections | null): ReadonlyMap<string, number> {
  const heads = new Map<string, number>();
  for (const { lane, positions } of projections?.items.flatMap(({ lanes }) => lanes) ?? []) {
    for (const [name, next] of Object.entries(positions)) {
      const at = `${name} ${lane}`;
      heads.set(at, Math.max(heads.get(at) ?? 0, next));
    }
  }
  return heads;
}

type Looked = {
  projections: Projections;
  /** An earlier look, which tells what has moved since. */
  before: Projections | null;
  lanes: Lanes;
  reactors: Reactors;
  readers: Readers;
};

export function graphOf({ projections, before, lanes, reactors, readers }: Looked): Graph {
  const { items } = projections;
  const rates = new Map([
    ...ratesBetween(before, projections),
    ...writtenBetween(before, projections, lanes),
  ]);
  const views = items.toSorted((a, b) => a.view.localeCompare(b.view));
  const read = reactors.items.flatMap(({ topic }) => topic ?? []);
  const topics = [...new Set([...views.flatMap(topicsOf), ...read])].sort();
  const writers = lanes.items.map((lane): Box => {
    const { commandsPerSecond, latencyMs, trouble, open, inDoubt } = lane;
    const median = latencyMs && `${latencyMs.p50.toFixed(0)} ms`;
    const says = [perSecond(commandsPerSecond), median].filter(Boolean).join(' · ');
    return {
      ...{ id: boxId.lane(lane.lane), label: `Lane ${lane.lane}`, says: trouble ?? says },
      tone: trouble ? 'bad' : inDoubt > 0 || !open ? 'wait' : 'good',
      ...{ to: '/ops/lanes', search: { lane: String(lane.lane) } },
    };
  });
  const topicBoxes = topics.map((topic): Box => {
    const count = views.filter((view) => topicsOf(view).includes(topic)).length;
    return {
      ...{
        id: boxId.topic(topic),
        label: topic,
        says: count === 1 ? '1 view' : `${count} views`,
        tone: null,
      },
      ...{ to: '/ops/tail', search: { topic } },
    };
  });
  const viewBoxes = views.map((view): Box => {
    const behind = view.eventsBehind > 0 ? `${spoken(view.secondsBehind)} behind` : 'caught up';
    return {
      ...{ id: boxId.view(view.view), label: view.view, tone: toneOfFollower(view) },
      says: `${withParked(behind, view)} · ${perSecond(view.eventsPerSecond)}`,
      to: `/ops/projections/${view.name}`,
    };
  });
  const reactorBoxes = reactors.items.map((reactor): Box => {
    const { name } = reactor;
    const says = withParked(hasRead(reactor), reactor);
    const tone = toneOfFollower(reactor);
    return { id: boxId.reactor(name), label: name, says, tone, to: '/ops/lanes' };
  });
  // Boxes stay where they are, whatever is in trouble.
  const inOrder = readers.items.toSorted((a, b) => a.url.localeCompare(b.url));
  return {
    groups: [
      { id: 'writers', title: 'command-api decides', boxes: writers },
      { id: 'log', title: 'The log keeps', boxes: topicBoxes },
      {
        id: 'views',
        title: 'Services follow',
        boxes: [...viewBoxes, ...reactorBoxes, ...workersOf(lanes)],
      },
      { id: 'readers', title: 'query-api answers', boxes: inOrder.map(boxOfReader) },
    ],
    arrows: [
      ...arrowsOfWriters(lanes, topics, rates),
      ...views.flatMap((view) =>
        topicsOf(view).map((topic) => arrow(boxId.topic(topic), boxId.view(view.view), rates)),
      ),
      ...views.flatMap(({ view }) => arrowsToReaders(boxId.view(view), readers, rates)),
      ...reactors.items.flatMap(arrowsOfReactor),
    ],
  };
}

/** Replay workers follow the log for its index. One of them does what operators ask for. */
function workersOf({ nodes }: Lanes): Box[] {
  const to = '/ops/lanes';
  const workers = nodes.filter(
    ({ roles }) => roles.includes(workerRole) || roles.includes(indexes),
  );
  const boxes = workers.map(({ url, roles, reached }): Box => {
    const does = roles.includes(workerRole) ? 'does jobs' : 'stands by';
    const says = reached ? does : 'gives no answer';
    return { id: `worker ${url}`, label: workerRole, says, tone: reached ? 'good' : 'bad', to };
  });
  if (workers.some(({ roles }) => roles.includes(workerRole))) return boxes;
  const nobody: Box = {
    id: 'no worker',
    label: workerRole,
    says: 'nobody does jobs',
    tone: 'bad',
    to,
  };
  return [...boxes, nobody];
}

const indexes = 'event-index';

function boxOfReader({ url, state, ...reader }: Reader): Box {
  const says: Record<Reader['state'], string> = {
    live: `up to date · ${reader.answerMs} ms`,
    behind: `${spoken(reader.secondsBehind ?? 0)} behind`,
    slow: `slow · ${whole(reader.answerMs ?? 0)} ms`,
    'not-ready': 'not ready',
    away: 'gives no answer',
    gone: `gone for ${spoken(reader.silentSeconds)}`,
  };
  const about = { id: boxId.reader(url), label: new URL(url).host, says: says[state] };
  return { ...about, tone: toneOf[state] ?? null, to: '/ops/lanes' };
}

type Follower = { state: string; parked: number };

/** Who has parked an event goes on with the others, and is in trouble all the same. */
const toneOfFollower = ({ state, parked }: Follower): Tone | null =>
  parked > 0 ? 'bad' : (toneOf[state] ?? null);

const withParked = (says: string, { parked }: Follower): string =>
  parked > 0 ? `${whole(parked)} parked · ${says}` : says;

/** How far a reactor is. */
function hasRead({ state, eventsBehind }: Reactors['items'][number]): string {
  if (state === 'live') return 'caught up';
  const behind = `${whole(eventsBehind)} behind`;
  return state === 'behind' ? behind : `${state}, ${behind}`;
}

const arrow = (from: string, to: string, rates: Rates): Arrow => ({
  ...{ from, to, of: 'events', perSecond: rates.get(`${from} ${to}`) ?? 0 },
});

/** Who doesn't answer reads nothing, as far as anybody knows. */
const arrowsToReaders = (view: string, { items }: Readers, rates: Rates): Arrow[] =>
  items
    .filter(({ state }) => state !== 'gone' && state !== 'away')
    .map(({ url }) => {
      const perSecond = rates.get(`${view} ${reading}`) ?? 0;
      return { from: view, to: boxId.reader(url), of: 'events', perSecond };
    });

/** A reactor reads one topic, and sends commands as people do. */
const arrowsOfReactor = ({ name, topic, ...rates }: Reactors['items'][number]): Arrow[] => {
  const id = boxId.reactor(name);
  const { eventsPerSecond, commandsPerSecond } = rates;
  return [
    ...(topic === null
      ? []
      : [
          {
            ...{ from: boxId.topic(topic), to: id },
            ...{ of: 'events' as const, perSecond: eventsPerSecond },
          },
        ]),
    { from: id, to: decides, of: 'commands', perSecond: commandsPerSecond },
  ];
};

/** An arrow in words. */
export const saysOf = ({ from, to, of, perSecond: rate }: Arrow): string =>
  `${from} → ${to}: ${of} ${perSecond(rate)}`;

/** What comes into a box, or leaves it. */
export const flowAt = (arrows: readonly Arrow[], end: 'from' | 'to', id: string): number =>
  arrows.reduce((sum, one) => sum + (one[end] === id ? one.perSecond : 0), 0);

/** Each lane writes into its partition of every topic. */
const arrowsOfWriters = ({ items }: Lanes, topics: readonly string[], rates: Rates): Arrow[] =>
  items.flatMap(({ lane }) =>
    topics.map((topic) => arrow(boxId.lane(lane), boxId.topic(topic), rates)),
  );
