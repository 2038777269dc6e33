import { describe, expect, it } from 'vitest';
import type { Lanes, Projections, Reactor, Reader } from '../system.ts';
import { graphOf } from './graph.ts';

type Node = Lanes['nodes'][number];
const at = '2026-01-01T00:00:00.000Z';

const node = (url: string, ...roles: string[]): Node => ({
  ...{ url, roles, ready: true, reached: true, trouble: null },
});
const worker = node('http://joe', 'event-index', 'replay-worker');

type Seen = {
  nodes?: Node[];
  views?: Projections['items'];
  reactors?: Reactor[];
  readers?: Reader[];
};

const seen = ({ nodes = [], views = [], reactors = [], readers = [] }: Seen) =>
  graphOf({
    ...{ projections: { at, items: views, asOfs: [] }, before: null },
    ...{ lanes: { at, items: [], nodes }, reactors: { at, items: reactors } },
    readers: { at, items: readers },
  });

/** What the picture says of replay workers. */
const workers = (...nodes: Node[]) => {
  const { groups } = seen({ nodes });
  return groups
    .flatMap(({ boxes }) => boxes)
    .filter(({ label }) => label === 'replay-worker')
    .map(({ says, tone }) => `${says}, ${tone}`);
};

const votes: Projections['items'][number] = {
  ...{ view: 'votes@1', name: 'votes', state: 'live', active: 'votes.g1', previous: null },
  ...{ kept: [], building: null, switchedAt: null, eventsBehind: 0, secondsBehind: 0 },
  ...{ stalledSeconds: 0, eventsPerSecond: 0, parked: 0, lastError: null, lanes: [], trend: [] },
};

const lane: Projections['items'][number]['lanes'][number] = {
  ...{ lane: 0, owner: null, url: null, positions: {}, eventsBehind: 0, secondsBehind: 0 },
  ...{ stalledSeconds: 0, stopped: false, error: null },
};

const writer: Lanes['items'][number] = {
  ...{ lane: 0, owner: null, url: null, term: 1, leaseMs: 0, open: true, waiting: 0 },
  ...{ transactionsPerSecond: 0, commandsPerSecond: 0, eventsPerSecond: 0, latencyMs: null },
  ...{ inDoubt: 0, fenced: 0, failed: [], trouble: null },
};

const reactor: Reactor = {
  ...{ name: 'technical-support', state: 'live', topic: 'support', eventsBehind: 0, parked: 0 },
  ...{ eventsPerSecond: 0, commandsPerSecond: 0, lastError: null, lanes: [] },
};

const reader = (url: string, state: Reader['state'] = 'live'): Reader => ({
  ...{ url, state, silentSeconds: 0, answerMs: 3, secondsBehind: 0.2, copies: [], trouble: null },
});

describe('the picture of the system', () => {
  it('shows each process of query-api in its place; to one that is gone, nothing flows', () => {
    const gone: Reader = { ...reader('http://ann:4010', 'gone'), silentSeconds: 40 };
    const slow: Reader = { ...reader('http://joe:4010', 'slow'), answerMs: 800 };
    const { groups, arrows } = seen({
      views: [votes],
      readers: [slow, gone, { ...reader('http://jim:4010', 'behind'), secondsBehind: 7 }],
    });
    const boxes = groups.find(({ id }) => id === 'readers')?.boxes ?? [];
    expect(boxes.map(({ label, says, tone }) => `${label} ${says}, ${tone}`)).toEqual([
      ...['ann:4010 gone for 40 s, bad', 'jim:4010 7.0 s behind, wait'],
      'joe:4010 slow · 800 ms, wait',
    ]);
    expect(arrows.map(({ from, to }) => `${from} → ${to}`)).toEqual([
      ...['view votes@1 → query-api at joe:4010', 'view votes@1 → query-api at jim:4010'],
    ]);
  });

  it('shows as written what lanes write, and no event that views catch up', () => {
    const inLane = (
      view: string,
      positions: Record<string, number>,
    ): Projections['items'][number] => ({
      ...{ ...votes, view },
      lanes: [{ ...lane, positions }],
    });
    const look = (second: number, items: Projections['items']): Projections => ({
      ...{ at: new Date(Date.parse(at) + second * 1_000).toISOString(), items, asOfs: [] },
    });
    const { arrows } = graphOf({
      before: look(0, [
        inLane('votes@1', { 'test.votes': 100 }),
        inLane('rankings@1', { 'test.votes': 80, 'test.movies': 20 }),
      ]),
      projections: look(2, [
        inLane('votes@1', { 'test.votes': 130 }),
        inLane('rankings@1', { 'test.votes': 110, 'test.movies': 30 }),
      ]),
      lanes: { at, items: [{ ...writer, eventsPerSecond: 6 }], nodes: [] },
      reactors: { at, items: [] },
      readers: { at, items: [] },
    });
    expect(arrows.map(({ from, to, perSecond }) => `${from} → ${to}: ${perSecond}`)).toEqual([
      'lane 0 → topic movies: 1.5',
      'lane 0 → topic votes: 4.5',
      ...['topic votes → view rankings@1: 15', 'topic movies → view rankings@1: 5'],
      'topic votes → view votes@1: 15',
    ]);
  });

  it('shows as in trouble who has parked events, and how many these are', () => {
    const { groups } = seen({
      views: [votes, { ...votes, view: 'rankings@1', eventsPerSecond: 2, parked: 3 }],
      reactors: [reactor, { ...reactor, name: 'webhooks-votes', parked: 1 }],
    });
    const boxes = groups.find(({ id }) => id === 'views')?.boxes ?? [];
    expect(boxes.map(({ label, says, tone }) => `${label} ${says}, ${tone}`)).toEqual([
      ...['rankings@1 3 parked · caught up · 2.0/s, bad', 'votes@1 caught up · 0/s, good'],
      ...['technical-support caught up, good', 'webhooks-votes 1 parked · caught up, bad'],
      'replay-worker nobody does jobs, bad',
    ]);
  });

  it('shows the replay worker that does jobs, and those that stand by', () => {
    const others = node('http://ann', 'writer');
    expect(workers(others, worker, node('http://jim', 'event-index'))).toEqual([
      ...['does jobs, good', 'stands by, good'],
    ]);
  });

  it('shows one that gives no answer', () => {
    expect(workers({ ...worker, ready: false, reached: false })).toEqual(['gives no answer, bad']);
  });

  it('shows that nobody does jobs, even if somebody indexes events', () => {
    expect(workers()).toEqual(['nobody does jobs, bad']);
    expect(workers(node('http://jim', 'event-index'))).toEqual([
      ...['stands by, good', 'nobody does jobs, bad'],
    ]);
  });
});
