import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveClients } from './live-clients.ts';
import type { Move } from './live-feed.ts';

/** A client that takes what it is sent only when the test says so. */
class Taker {
  readonly written: Buffer[] = [];
  writableLength = 0;
  ended = false;
  isSlow = false;

  write(text: Buffer): void {
    if (this.ended) throw new Error('write after end');
    this.written.push(text);
    if (this.isSlow) this.writableLength += text.length;
  }

  end(): void {
    this.ended = true;
  }

  takeAll(): void {
    this.writableLength = 0;
  }

  get text(): string {
    return this.written.join('');
  }
}

const shared = { shared: ['parcels'], own: [] };
const both = { shared: ['parcels'], own: ['scans'] };
const alice = { user: 'alice', endsAt: Number.POSITIVE_INFINITY };
const move = (name: string, all: string[], byUser: Record<string, string[]> = {}): Move => ({
  ...{ name, changed: { all, byUser: new Map(Object.entries(byUser)) }, token: 't' },
});

let position = 0;
let clients: LiveClients;
beforeEach(() => {
  position = 0;
  const idOf = () => String(position);
  clients = new LiveClients({ idOf, tokenOf: () => 'all' });
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function tell(...moves: Move[]): Promise<void> {
  position += 1;
  await clients.tell(moves);
}

describe('the clients of live streams', () => {
  it('all get the very same bytes of a shared view', async () => {
    const takers = [new Taker(), new Taker()];
    for (const taker of takers) clients.add(taker, shared, alice);
    await tell(move('parcels', ['p1']));
    expect(takers[0]!.written[0]).toBe(takers[1]!.written[0]);
    expect(takers[0]!.text).toBe(
      'id: 1\nevent: changed\ndata: {"view":"parcels","ids":["p1"],"token":"t"}\n\n',
    );
  });

  it('get an id only with the last message of what has changed at once', async () => {
    const taker = new Taker();
    clients.add(taker, both, alice);
    await tell(
      move('scans', ['s1', 's2'], { alice: ['s1'], bob: ['s2'] }),
      move('parcels', ['p1']),
    );
    expect(taker.text.match(/^(id|event|data): .*/gm)).toEqual([
      'event: changed',
      'data: {"view":"scans","ids":["s1"],"token":"t"}',
      'id: 1',
      'event: changed',
      'data: {"view":"parcels","ids":["p1"],"token":"t"}',
    ]);
  });

  it('that are slow get no more than fits, and then hear how much they were not told', async () => {
    const [slow, fast] = [new Taker(), new Taker()];
    slow.isSlow = true;
    for (const taker of [slow, fast]) clients.add(taker, shared, alice);
    const ids = Array.from({ length: 1_000 }, (_, at) => `parcel-${at}`);
    for (let at = 0; at < 100; at += 1) await tell(move('parcels', ids));
    expect(fast.written).toHaveLength(100);
    expect(slow.writableLength).toBeLessThan(128 * 1024);
    const untold = 100 - slow.written.length;
    expect(clients.dropped).toBe(untold * 1_000);
    clients.sweep();
    expect(slow.written).toHaveLength(100 - untold);
    slow.takeAll();
    clients.sweep();
    const data = { views: ['parcels'], count: untold * 1_000, token: 'all' };
    const said = `id: 100\nevent: dropped\ndata: ${JSON.stringify(data)}\n\n`;
    expect(slow.written.at(-1)?.toString()).toBe(said);
    await tell(move('parcels', ['p1']));
    expect(slow.written.at(-1)).toBe(fast.written.at(-1));
  });

  it('hear only the number of very many changes at once', async () => {
    const taker = new Taker();
    clients.add(taker, shared, alice);
    const ids = Array.from({ length: 1_001 }, (_, at) => `p${at}`);
    await tell(move('parcels', ids));
    expect(taker.text).toContain('event: dropped\ndata: {"views":["parcels"],"count":1001,');
  });

  it('hear of a reset of a view that they follow, and of no other', async () => {
    const [one, other] = [new Taker(), new Taker()];
    clients.add(one, both, alice);
    clients.add(other, shared, alice);
    await tell({ name: 'scans', changed: null, token: 't' });
    expect(one.text).toContain('event: reset\ndata: {"views":["scans"],"token":"t"}');
    expect(other.text).toBe('');
  });

  it('that heard nothing for 12 seconds get a heartbeat, with the id', () => {
    const [silent, busy] = [new Taker(), new Taker()];
    clients.add(silent, shared, alice);
    position = 5;
    const now = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(now + 12_100);
    clients.add(busy, shared, alice);
    clients.sweep();
    expect(silent.text).toBe(': heartbeat\nid: 5\n\n');
    expect(busy.text).toBe('');
    clients.sweep();
    expect(silent.written).toHaveLength(1);
  });

  it('whose token has expired get a last message, and nothing afterwards', async () => {
    const taker = new Taker();
    clients.add(taker, shared, { user: 'alice', endsAt: Date.now() - 1 });
    clients.sweep();
    expect(taker.text).toBe('event: end\ndata: {"reason":"token-expired"}\n\n');
    expect(taker.ended).toBe(true);
    await tell(move('parcels', ['p1']));
    clients.sweep();
    expect(clients.isEmpty).toBe(true);
  });

  it('are forgotten when they have left', async () => {
    const taker = new Taker();
    const leave = clients.add(taker, both, alice);
    leave();
    leave();
    await tell(move('scans', ['s1'], { alice: ['s1'] }), move('parcels', ['p1']));
    expect(taker.written).toEqual([]);
    expect(clients.isEmpty).toBe(true);
  });
});

describe('ten thousand clients', () => {
  const many = () =>
    Array.from({ length: 10_000 }, (_, at) => {
      const taker = new Taker();
      clients.add(taker, both, { user: `user${at}`, endsAt: Number.POSITIVE_INFINITY });
      return taker;
    });
  const lastOf = (takers: readonly Taker[]) => new Set(takers.map(({ written }) => written.at(-1)));

  it('get a heartbeat that is made once, and each just one', () => {
    const takers = many();
    const now = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(now + 12_100);
    clients.sweep();
    clients.sweep();
    expect(lastOf(takers).size).toBe(1);
    expect(takers.every(({ text }) => text === ': heartbeat\nid: 0\n\n')).toBe(true);
  });

  it('of whom some are slow: these alone hear what they were not told', async () => {
    const takers = many();
    const slow = takers.filter((_, at) => at % 100 === 0);
    for (const taker of slow) taker.isSlow = true;
    const ids = Array.from({ length: 1_000 }, (_, at) => `parcel-${at}`);
    for (let at = 0; at < 20; at += 1) await tell(move('parcels', ids));
    const untold = 20 - slow[0]!.written.length;
    expect(untold).toBeGreaterThan(0);
    expect(clients.dropped).toBe(untold * 1_000 * slow.length);
    for (const taker of slow) taker.takeAll();
    clients.sweep();
    const said = `event: dropped\ndata: {"views":["parcels","scans"],"count":${untold * 1_000},`;
    const heard = takers.filter(({ written }) => written.at(-1)!.includes(said));
    expect(heard.length).toBe(slow.length);
    expect(heard.every(({ isSlow }) => isSlow)).toBe(true);
  });

  it('hear of a reset by the same bytes, and of their own documents alone', async () => {
    const takers = many();
    await tell({ name: 'scans', changed: null, token: 't' });
    expect(lastOf(takers).size).toBe(1);
    await tell(move('scans', ['s7', 's8'], { user7: ['s7'], user8: ['s8'] }));
    const told = takers.filter(({ written }) => written.length === 2);
    expect(told.map((taker) => takers.indexOf(taker))).toEqual([7, 8]);
    expect(told.map(({ text }) => /"ids":\["(.+)"\]/.exec(text)?.[1])).toEqual(['s7', 's8']);
  });
});
