import { describe, expect, it } from 'vitest';
import type {
  Lane,
  Lanes,
  Projection,
  Projections,
  Reactor,
  Reactors,
  Reader,
  Readers,
} from './system.ts';
import { troublesOf } from './troubles.ts';

/** What operators are told of a system, the worst first. */

const at = '2026-01-01T00:00:00.000Z';

const view = (wrong: Partial<Projection> = {}): Projection => ({
  ...{ view: 'rankings@2', name: 'rankings', state: 'live', active: 'rankings.g1' },
  ...{ previous: null, kept: [], building: null, switchedAt: null, lastError: null },
  ...{ eventsBehind: 0, secondsBehind: 0, stalledSeconds: 0, eventsPerSecond: 0, parked: 0 },
  ...{ lanes: [], trend: [] },
  ...wrong,
});

const lane = (wrong: Partial<Lane> = {}): Lane => ({
  ...{ lane: 3, owner: 'ann', url: 'http://ann', term: 1, leaseMs: 9_000, open: true, waiting: 0 },
  ...{ transactionsPerSecond: 0, commandsPerSecond: 0, eventsPerSecond: 0, latencyMs: null },
  ...{ inDoubt: 0, fenced: 0, failed: [], trouble: null },
  ...wrong,
});

const reactor = (wrong: Partial<Reactor> = {}): Reactor => ({
  ...{ name: 'post', state: 'live', topic: 'support', eventsBehind: 0, eventsPerSecond: 0 },
  ...{ commandsPerSecond: 0, parked: 0, lastError: null, lanes: [] },
  ...wrong,
});

const reader = (wrong: Partial<Reader> = {}): Reader => ({
  ...{ url: 'http://rob:4010', state: 'live', silentSeconds: 0, answerMs: 3 },
  ...{ secondsBehind: 0.2, copies: [], trouble: null },
  ...wrong,
});

type Node = Lanes['nodes'][number];
const node = (url: string, ...roles: string[]): Node => ({
  ...{ url, roles, ready: true, reached: true, trouble: null },
});
const nodes = [
  node('http://ann', 'writer'),
  node('http://pat', 'builder', 'projector'),
  node('http://ray', 'clock', 'reactor', 'worker'),
  node('http://joe', 'event-index', 'replay-worker'),
];

type System = {
  views?: Projection[];
  lanes?: Lane[];
  reactors?: Reactor[];
  readers?: Reader[];
  nodes?: Node[];
};

/** What is told of a system that is well but for this. */
const found = (wrong: System = {}) => {
  const services = { reactors: [reactor()], readers: [reader()], nodes };
  const system = { views: [view()], lanes: [lane()], ...services, ...wrong };
  const projections: Projections = { at, items: system.views, asOfs: [] };
  const lanes: Lanes = { at, items: system.lanes, nodes: system.nodes };
  const reactors: Reactors = { at, items: system.reactors };
  const readers: Readers = { at, items: system.readers };
  return troublesOf(projections, lanes, reactors, readers);
};

const told = (wrong?: System) =>
  found(wrong).map(({ what, says, isBad }) => `${isBad ? 'bad' : 'look'}: ${what} ${says}`);

const without = (...roles: string[]) =>
  nodes.filter((one) => !one.roles.some((role) => roles.includes(role)));
const instead = (url: string, wrong: Partial<Node>) =>
  nodes.map((one) => (one.url === url ? { ...one, ...wrong } : one));

describe('a system that is well', () => {
  it('has no trouble, also while nothing is known of it yet', () => {
    expect(found()).toEqual([]);
    expect(troublesOf(undefined, undefined, undefined, undefined)).toEqual([]);
  });

  it.each<System>([
    { views: [view({ state: 'building' })] },
    { reactors: [reactor({ state: 'behind', eventsBehind: 7 })] },
    // A worker that stands by, and projectors whose first views are being built.
    { nodes: [...nodes, node('http://jim', 'event-index')] },
    { nodes: [...without('projector'), node('http://pat', 'builder')] },
  ])('may look like %o', (system) => {
    expect(told(system)).toEqual([]);
  });
});

describe('the trouble of a view', () => {
  it.each<[Partial<Projection>, string]>([
    [{ state: 'stopped' }, 'bad: rankings@2 stopped'],
    [{ state: 'stopped', lastError: 'no such field' }, 'bad: rankings@2 stopped: no such field'],
    [{ state: 'unserved' }, 'bad: rankings@2 has no served generation'],
    [{ state: 'stalled', stalledSeconds: 12.4 }, 'bad: rankings@2 stalled for 12 s'],
    [
      { state: 'stalled', stalledSeconds: 90, lastError: 'no answer' },
      'bad: rankings@2 stalled for 90 s: no answer',
    ],
    [{ state: 'behind', secondsBehind: 3 }, 'look: rankings@2 3.0 s behind'],
    [
      { state: 'behind', secondsBehind: 3, lastError: 'no answer' },
      'look: rankings@2 3.0 s behind: no answer',
    ],
    [{ parked: 1 }, 'bad: rankings@2 one event parked'],
    [{ parked: 2_000 }, 'bad: rankings@2 2,000 events parked'],
  ])('%o is told, with its reason', (wrong, says) => {
    expect(told({ views: [view(wrong)] })).toEqual([says]);
  });

  it('leads to its page, and to its parked events', () => {
    const [stopped, parked] = found({ views: [view({ state: 'stopped', parked: 3 })] });
    expect(stopped).toMatchObject({ to: '/ops/projections/rankings' });
    expect(parked).toMatchObject({ to: '/ops/dead-letters', search: { view: 'rankings@2' } });
  });
});

describe('the trouble of a lane', () => {
  it.each<[Partial<Lane>, string]>([
    [{ trouble: 'no node owns the lane', open: false }, 'bad: Lane 3 no node owns the lane'],
    [{ open: false }, 'look: Lane 3 being taken by a node'],
    [{ inDoubt: 2 }, 'look: Lane 3 2 transactions in doubt'],
  ])('%o is told once', (wrong, says) => {
    expect(told({ lanes: [lane(wrong)] })).toEqual([says]);
  });
});

it('what is wrong with many lanes alike is told once', () => {
  const away = [0, 1, 5].map((number) => lane({ lane: number, trouble: 'no node owns the lane' }));
  const lanes = [...away, lane({ lane: 7, open: false })];
  expect(told({ lanes })).toEqual([
    ...['bad: Lanes 0, 1, 5 no node owns the lane', 'look: Lane 7 being taken by a node'],
  ]);
});

describe('the trouble of a reactor', () => {
  it.each<[Partial<Reactor>, string]>([
    [{ state: 'stopped', lastError: 'no answer' }, 'bad: Reactor post stopped: no answer'],
    [{ state: 'away' }, 'bad: Reactor post away'],
    [{ state: 'trying-again', lastError: '503' }, 'bad: Reactor post trying again: 503'],
    [{ parked: 1 }, 'bad: Reactor post one event parked'],
  ])('%o is told, with its reason', (wrong, says) => {
    expect(told({ reactors: [reactor(wrong)] })).toEqual([says]);
  });

  it('leads to the lanes, and to its parked events', () => {
    const [away, parked] = found({ reactors: [reactor({ state: 'away', parked: 3 })] });
    expect(away).toMatchObject({ to: '/ops/lanes' });
    expect(parked).toMatchObject({ to: '/ops/dead-letters', search: { view: 'reactor:post' } });
  });
});

describe('the trouble of a process of query-api', () => {
  it.each<[Partial<Reader>, string]>([
    [
      { state: 'gone', silentSeconds: 40 },
      'bad: query-api at http://rob:4010 was not heard of for 40 s, and hasn’t said that it stops',
    ],
    [
      { state: 'away', trouble: 'connect ECONNREFUSED' },
      'bad: query-api at http://rob:4010 gives no answer: connect ECONNREFUSED',
    ],
    [{ state: 'not-ready' }, 'bad: query-api at http://rob:4010 not ready'],
    [
      { state: 'behind', secondsBehind: 7 },
      'look: query-api at http://rob:4010 7.0 s behind with what it keeps in memory',
    ],
    [
      { state: 'slow', answerMs: 800 },
      'look: query-api at http://rob:4010 slow: it took 800 ms to tell about itself',
    ],
  ])('%o is told, with its reason', (wrong, says) => {
    expect(told({ readers: [reader(), reader(wrong)] })).toEqual([says]);
  });
});

describe('the trouble of a node', () => {
  it.each<[Partial<Node>, string]>([
    [
      { reached: false, ready: false, trouble: 'connect ECONNREFUSED' },
      'bad: event-index, replay-worker at http://joe connect ECONNREFUSED',
    ],
    [
      { reached: false, ready: false },
      'bad: event-index, replay-worker at http://joe gives no answer',
    ],
    [{ ready: false }, 'bad: event-index, replay-worker at http://joe not ready'],
  ])('%o is told, with what it has', (wrong, says) => {
    expect(told({ nodes: instead('http://joe', wrong) })).toEqual([says]);
  });
});

describe('a service of which no process is there', () => {
  it.each([
    [['writer'], 'bad: No command-api is there: no command is taken'],
    [['projector'], 'bad: No projectors are there: the views stand still'],
    [['reactor'], 'bad: No reactors are there: nothing is done because of events'],
    [['replay-worker'], 'bad: No replay worker is there: jobs wait until one is'],
  ])('%j is told', (roles, says) => {
    expect(told({ nodes: without(...roles) })).toEqual([says]);
  });

  it('is told too if one stands by that does no jobs', () => {
    const nodes = [...without('replay-worker'), node('http://jim', 'event-index')];
    expect(told({ nodes })).toEqual([expect.stringMatching(/^bad: No replay worker/)]);
  });
});

it('the worst comes first: what is missing, then views, lanes, nodes and reactors', () => {
  const worst: System = {
    views: [
      view({ state: 'behind', secondsBehind: 3 }),
      view({ state: 'stalled', stalledSeconds: 12, parked: 1 }),
      view({ state: 'stopped' }),
    ],
    lanes: [lane({ inDoubt: 1 }), lane({ lane: 4, trouble: 'no node owns the lane' })],
    nodes: without('replay-worker').map((one) =>
      one.url === 'http://ann' ? { ...one, ready: false } : one,
    ),
    reactors: [reactor({ state: 'away', parked: 2 })],
  };
  expect(told(worst)).toEqual([
    'bad: No replay worker is there: jobs wait until one is',
    'bad: rankings@2 stalled for 12 s',
    'bad: rankings@2 one event parked',
    'bad: rankings@2 stopped',
    'bad: Lane 4 no node owns the lane',
    'bad: writer at http://ann not ready',
    'bad: Reactor post away',
    'bad: Reactor post 2 events parked',
    'look: rankings@2 3.0 s behind',
    'look: Lane 3 one transaction in doubt',
  ]);
});
