import { FindCursor, MongoNetworkError } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { defineRoles } from '../auth/roles.ts';
import { changesOf } from '../projector/changes.ts';
import { type EventStream, openEventStream } from '../testing/event-stream.ts';
import { type QueryService, queryService } from '../testing/query-service.ts';
import { view } from '../view.ts';
import { liveView } from './live-view.ts';

const { clerk } = defineRoles('clerk');
const parcels = view({
  ...{ name: 'parcels', version: 1, topics: ['parcels'], indexes: [], copied: true },
});
const scans = view({
  ...{ name: 'scans', version: 1, topics: ['scans'], indexes: [], copied: { by: 'userId' } },
});
const live = {
  route: 'GET /v1/live',
  views: {
    parcels: liveView({ view: parcels }),
    scans: liveView({ view: scans, everything: clerk, idOf: (id) => id.toUpperCase() }),
  },
} as const;

let service: QueryService;
const streams: EventStream[] = [];

beforeAll(async () => {
  service = await queryService(inject('stack').mongo, {
    ...{ queries: [], views: [parcels, scans], live },
    settings: { LIVE_PER_ADDRESS: '3', LIVE_PER_USER: '2', LIVE_CONNECTIONS: '6' },
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const stream of streams.splice(0)) stream.close();
  await vi.waitFor(async () => expect(await openStreams()).toBe(0), { timeout: 10_000 });
});
afterAll(() => service.close());

const openStreams = () => service.liveStreams();

async function follow(names: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const stream = await openEventStream(`${service.url}/v1/live?views=${names}`, headers);
  streams.push(stream);
  await vi.waitFor(() => expect(stream.messages[0]?.event).toBe('ready'), { timeout: 10_000 });
  return stream;
}

/** Waits until the stream has brought so many messages, and gives those after the first. */
async function heard(stream: EventStream, count: number) {
  await vi.waitFor(() => expect(stream.messages.length).toBe(count + 1), { timeout: 10_000 });
  return stream.messages.slice(1).map(({ event, data: { token: _, ...data } }) => [event, data]);
}

const { toArray } = FindCursor.prototype;

/** Lets something happen before each read of a collection, in place of what did so before. */
function beforeReads(of: string, happens: () => Promise<void>) {
  vi.spyOn(FindCursor.prototype, 'toArray').mockImplementation(async function (this: FindCursor) {
    if (this.namespace.collection === of) await happens();
    return toArray.call(this);
  });
}

/** A change that a client has heard of, and the id from which it is told of it once more. */
async function heardChange(): Promise<{ stream: EventStream; before: string }> {
  const stream = await follow('parcels');
  const before = stream.lastId!;
  await service.change(parcels, ['heard']);
  await heard(stream, 1);
  return { stream, before };
}

const changed = (of: string, ...ids: string[]) => ['changed', { view: of, ids }];

describe('a live stream', () => {
  it('tells anybody what changes in a public view, and where reads see it', async () => {
    const stream = await follow('parcels');
    expect(stream.messages[0]?.data).toMatchObject({ views: ['parcels'], resumed: false });
    await service.moveTo(parcels, 'parcels', 8);
    await service.change(parcels, ['p1', 'p2']);
    expect(await heard(stream, 1)).toEqual([changed('parcels', 'p1', 'p2')]);
    expect(stream.messages[1]?.data.token).toBe(service.consistencyToken('parcels:0', 7));
  });

  it('says by its headers that nobody may keep messages back', async () => {
    const { headers, body } = await service.ask('/v1/live?views=parcels');
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    await body?.cancel();
  });

  it('tells users only of their own documents in a private view', async () => {
    const [alice, bob] = [
      await follow('scans', await service.as('alice')),
      await follow('scans', await service.as('bob')),
    ];
    const clerks = await follow('scans', await service.as('carl', ['clerk']));
    await service.change(scans, ['alice', 'zoe'], [['s1', 's2'], ['s3']]);
    await service.change(scans, ['bob'], [['s4']]);
    expect(await heard(alice, 1)).toEqual([changed('scans', 'S1', 'S2')]);
    expect(await heard(bob, 1)).toEqual([changed('scans', 'S4')]);
    await vi.waitFor(() =>
      expect(clerks.messages.flatMap(({ data }) => data.ids ?? [])).toHaveLength(4),
    );
  });

  it('refuses a private view without a token, a bad token, and unknown views', async () => {
    const status = async (path: string, headers = {}) => (await service.ask(path, headers)).status;
    expect(await status('/v1/live?views=parcels,scans')).toBe(401);
    expect(await status('/v1/live?views=parcels', { authorization: 'Bearer x' })).toBe(401);
    expect(await status('/v1/live?views=letters')).toBe(400);
    expect(await status('/v1/live')).toBe(400);
  });

  it('resumes after the last event, without a gap', async () => {
    const before = await follow('parcels,scans', await service.as('alice'));
    await service.change(parcels, ['p3']);
    await heard(before, 1);
    before.close();
    await service.change(parcels, ['p4']);
    await service.change(scans, ['alice', 'bob'], [['s5'], ['s6']]);
    const after = await follow('parcels,scans', {
      ...(await service.as('alice')),
      'last-event-id': before.lastId!,
    });
    expect(after.messages[0]?.data.resumed).toBe(true);
    const missed = [changed('parcels', 'p4'), changed('scans', 'S5')];
    expect(await heard(after, 2)).toEqual(expect.arrayContaining(missed));
    await service.change(parcels, ['p5']);
    expect((await heard(after, 3))[2]).toEqual(changed('parcels', 'p5'));
  });

  it('says reset when it is not known any more what has changed', async () => {
    const { lastId } = await follow('parcels');
    await service.change(parcels, ['p6']);
    await changesOf(service.db).deleteMany({});
    const late = await follow('parcels', { 'last-event-id': lastId! });
    expect(await heard(late, 1)).toEqual([['reset', { views: ['parcels'] }]]);
    const other = await follow('parcels', { 'last-event-id': 'of another log' });
    expect(await heard(other, 1)).toEqual([['reset', { views: ['parcels'] }]]);
    expect(other.lastId).toBe(late.lastId);
  });

  it('says reset when another generation of a view is served', async () => {
    const stream = await follow('parcels,scans', await service.as('alice'));
    await service.serve(scans);
    expect(await heard(stream, 1)).toEqual([['reset', { views: ['scans'] }]]);
    await service.change(scans, ['alice'], [['s7']]);
    expect((await heard(stream, 2))[1]).toEqual(changed('scans', 'S7'));
  });

  it('tells of a change though MongoDB was cut off when it was looked for', async () => {
    const stream = await follow('parcels');
    let reads = 0;
    beforeReads('changes', async () => {
      reads += 1;
      if (reads === 1) throw new MongoNetworkError('cut off');
    });
    await service.change(parcels, ['p8']);
    expect(await heard(stream, 1)).toEqual([changed('parcels', 'p8')]);
  });

  it('is told on though MongoDB was cut off while it resumed', async () => {
    const { stream, before } = await heardChange();
    const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    beforeReads('changes', async () => {
      asked.resolve();
      await answered.promise;
    });
    const resuming = follow('parcels', { 'last-event-id': before });
    await asked.promise;
    stream.close();
    await vi.waitFor(async () => expect(await openStreams()).toBe(1), { timeout: 10_000 });
    let looks = 0;
    beforeReads('read_models', async () => {
      looks += 1;
      throw new MongoNetworkError('cut off');
    });
    await vi.waitFor(() => expect(looks).toBeGreaterThan(0), { timeout: 10_000 });
    vi.restoreAllMocks();
    answered.resolve();
    const resumed = await resuming;
    await service.change(parcels, ['p9']);
    const all = [changed('parcels', 'heard'), changed('parcels', 'p9')];
    expect(await heard(resumed, 2)).toEqual(all);
  });

  it('ends when the token expires', async () => {
    const stream = await follow('parcels', await service.as('alice', [], -29));
    expect(await heard(stream, 1)).toEqual([['end', { reason: 'token-expired' }]]);
    await vi.waitFor(() => expect(stream.ended).toBe(true));
  });

  it('takes only so many streams of one user, of one address, and of all', async () => {
    const [alice, bob] = [await service.as('alice'), await service.as('bob')];
    const statusOf = async (headers: Record<string, string>) => {
      const { status, headers: answered } = await service.ask('/v1/live?views=parcels', headers);
      return [status, answered.get('retry-after')];
    };
    for (const headers of [alice, alice, {}, {}, {}]) await follow('parcels', headers);
    expect(await statusOf(alice)).toEqual([429, '10']);
    expect(await statusOf({})).toEqual([429, '10']);
    await follow('parcels', bob);
    expect(await statusOf(bob)).toEqual([503, '10']);
    streams.shift()?.close();
    await vi.waitFor(() => follow('parcels', alice));
  });

  it('does not take a proxy that is not trusted for one client', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    for (let one = 0; one < 4; one += 1) await follow('parcels', headers);
  });

  // The last test: the service takes no streams afterwards.
  it('ends at once when the node stops, and begins no more', async () => {
    const { stream, before } = await heardChange();
    const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    beforeReads('changes', async () => {
      asked.resolve();
      await answered.promise;
    });
    const resuming = service.ask('/v1/live?views=parcels', { 'last-event-id': before });
    await asked.promise;
    await service.leave();
    expect((await heard(stream, 2))[1]).toEqual(['end', { reason: 'node-stops' }]);
    await vi.waitFor(() => expect(stream.ended).toBe(true));
    answered.resolve();
    expect((await resuming).status).toBe(503);
    expect((await service.ask('/v1/live?views=parcels')).status).toBe(503);
  });
});
