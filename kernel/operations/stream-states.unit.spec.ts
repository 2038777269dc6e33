import { expect, it } from 'vitest';
import { type Aggregate, aggregate } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import { signToken } from '../auth/tokens.ts';
import type { Event } from '../event.ts';
import type { Search } from '../event-index/event-search.ts';
import { listen } from '../http/listen.ts';
import { type PersonalText, personalText } from '../personal-text.ts';
import { exampleApp, secret } from '../testing/example-app.ts';
import { testMeta } from '../testing/test-log.ts';
import type { Entry } from './log-entries.ts';
import { StreamStates, streamInput } from './stream-states.ts';

type Noted = Event<'Noted', { item: string; note: PersonalText; size: number }>;
type State = { events: number; newest: PersonalText | null; sizes: object; item: object | null };

/** A state with a part for each item, and a field that grows with every event that has a size. */
const notes = aggregate<State, Noted>({
  ...{ topic: 'notes', stateVersion: 1 },
  initial: { events: 0, newest: null, sizes: {}, item: null },
  parts: { field: 'item', of: ({ data }) => data.item },
  evolve: ({ events, sizes, item }, { data }) => ({
    events: events + 1,
    newest: data.note,
    sizes: data.size > 0 ? { ...sizes, [`size ${events}`]: 'x'.repeat(data.size) } : sizes,
    item: { before: data.size > 0 ? item : null, last: events + 1 },
  }),
});

const eventAt = (at: number, size = 1): Noted => ({
  type: 'Noted',
  data: { item: `i${at % 2}`, note: personalText(`secret ${Math.floor(at / 2)}`), size },
  meta: testMeta('notes/n1', at + 1),
});

/** A log of one stream; the search counts how many events it has given. */
function streamOf(events: readonly Noted[]) {
  const all = events.map((event, offset) => {
    const place = { topic: 'notes', lane: 0, offset, timestamp: offset };
    return { record: { ...place, key: null, value: null, headers: {} }, context: 'notes', event };
  }) as unknown as Entry[];
  const log = { given: 0 };
  const find = async ({ after, limit, newest }: Search) => {
    const rest = newest ? all.toReversed() : all.slice(after ? after.offset + 1 : 0);
    const entries = rest.slice(0, limit);
    log.given += entries.length;
    return { entries, more: rest.length > limit, starts: new Map() };
  };
  const open = () => new StreamStates({ find }, [notes as unknown as Aggregate]);
  return { log, open };
}

it('each event has the state after it, what it changed, and no text of people', async () => {
  const { items } = await streamOf([eventAt(0), eventAt(1), eventAt(2)])
    .open()
    .page({ id: 'notes/n1', limit: 10 });
  expect(items.map(({ changed }) => changed)).toEqual([
    ['events', 'newest', 'sizes', 'item'],
    // The text is the same as before.
    ...[
      ['events', 'sizes', 'item'],
      ['events', 'newest', 'sizes', 'item'],
    ],
  ]);
  expect(items[2]).toMatchObject({
    event: { data: { note: '•••' }, sequence: 3 },
    isWhole: true,
    state: {
      ...{ events: 3, newest: '•••', sizes: { 'size 0': 'x', 'size 1': 'x', 'size 2': 'x' } },
      item: { before: { before: null, last: 1 }, last: 3 },
    },
  });
  expect(JSON.stringify(items)).not.toContain('secret');
});

it('pages have the states of the whole, from memory or after reading what was before', async () => {
  const { log, open } = streamOf(Array.from({ length: 30 }, (_, at) => eventAt(at)));
  const whole = await open().page({ id: 'notes/n1', limit: 30 });
  log.given = 0;
  const one = open();
  const items: unknown[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await one.page({ id: 'notes/n1', limit: 7, cursor });
    items.push(...page.items);
    expect((await open().page({ id: 'notes/n1', limit: 7, cursor })).items).toEqual(page.items);
    expect(page.count).toBe(30);
    if (page.next === null) break;
    cursor = page.next;
  }
  expect(items).toEqual(whole.items);
  log.given = 0;
  const first = await one.page({ id: 'notes/n1', limit: 7 });
  await one.page({ id: 'notes/n1', limit: 7, cursor: first.next! });
  // Two pages, and twice the last event for how many there are.
  expect(log.given).toBe(16);
});

it('a page begins at any event, and is folded from the nearest place that is known', async () => {
  const { log, open } = streamOf(Array.from({ length: 12_000 }, (_, at) => eventAt(at, 0)));
  const states = open();
  const end = await states.page({ id: 'notes/n1', limit: 10, from: 11_991 });
  expect(end.items.map(({ event }) => event.sequence)).toEqual(
    Array.from({ length: 10 }, (_, at) => 11_991 + at),
  );
  expect(end.items[9]!.state).toMatchObject({ events: 12_000, item: { last: 12_000 } });
  expect(end).toMatchObject({ next: null, count: 12_000 });
  log.given = 0;
  const middle = await states.page({ id: 'notes/n1', limit: 10, from: 10_001 });
  expect(middle.items[0]).toMatchObject({ event: { sequence: 10_001 }, state: { events: 10_001 } });
  expect(log.given).toBeLessThan(1_000);
  const again = await states.page({ id: 'notes/n1', limit: 10, from: 10_011 });
  expect(again.items[0]!.state).toMatchObject({ events: 10_011 });
  const beyond = await states.page({ id: 'notes/n1', limit: 10, from: 12_001 });
  expect(beyond).toEqual({ items: [], next: null, count: 12_000 });
});

it('of a large field only what changed is shown', async () => {
  const { open } = streamOf(Array.from({ length: 40 }, (_, at) => eventAt(at, 100)));
  const { items } = await open().page({ id: 'notes/n1', limit: 100 });
  const last = items.at(-1);
  expect(last).toMatchObject({ isWhole: false, changed: ['events', 'sizes', 'item'] });
  expect(last!.state).toMatchObject({ events: 40, sizes: { 'size 39': 'x'.repeat(100) } });
  expect(Object.keys((last!.state as State).sizes)).toHaveLength(1);
});

it.each(['others/1', 'notes', 'notes/', 'notes/a\nb', '/1', 'my-notes/1'])(
  'the stream %j of no aggregate is refused, with the topics that have some',
  (id) => {
    const { error } = streamInput(['notes', 'maps']).safeParse({ id, limit: '1' });
    expect(error?.issues).toMatchObject([
      { path: ['id'], message: 'has to be the name of a stream: notes/…, maps/…' },
    ]);
  },
);

it('a log that is not read in time is said to be away', async () => {
  const find = () => new Promise<never>(() => {});
  const { routes } = new StreamStates({ find }, [notes as unknown as Aggregate], 20);
  const app = exampleApp({ more: (own) => void own.use(routes) });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const token = await signToken({ user: 'olga', roles: [operator], secret, ttlSeconds: 60 });
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${server.url}/v1/ops/stream?id=notes/n1`, { headers });
  expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'part-away' }]);
  await server.close();
});
