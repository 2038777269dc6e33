import { beforeEach, describe, expect, it } from 'vitest';
import { type Place, WaitingReads } from './waiting-reads.ts';

let reads: WaitingReads<string>;
let passed: Record<string, number>;
let asked: number;
beforeEach(() => {
  reads = new WaitingReads();
  passed = {};
  asked = 0;
});

const hasPassed = ({ source, at, offset }: Place<string>) => {
  asked += 1;
  return (passed[`${source} ${at}`] ?? -1) >= offset;
};
const parcels = (offset: number): Place<string> => ({ source: 'parcels', at: 'scans:0', offset });
const depots = (offset: number): Place<string> => ({ source: 'depots', at: 'scans:0', offset });

/** A read that needs all of these places. */
const wait = (places: Place<string>[], timeoutMs = 60_000, gone?: AbortSignal) => {
  const lacking = () => places.find((place) => !hasPassed(place)) ?? null;
  return reads.wait(lacking, timeoutMs, gone);
};

describe('reads that wait', () => {
  it('go on at once when there is nothing to wait for', async () => {
    expect(await wait([], 0)).toBe(true);
    expect(reads.awaited()).toEqual([]);
  });

  it('name the sources they wait for, and go on once they lack nothing', async () => {
    const both = wait([parcels(1), depots(1)]);
    const one = wait([parcels(1)]);
    expect(reads.awaited()).toEqual(['parcels']);
    passed['parcels scans:0'] = 1;
    reads.look(hasPassed);
    expect(await one).toBe(true);
    expect(reads.awaited()).toEqual(['depots']);
    passed['depots scans:0'] = 2;
    reads.look(hasPassed);
    expect(await both).toBe(true);
    expect(reads.awaited()).toEqual([]);
  });

  it('go on in the order of what they wait for, whenever they came', async () => {
    const order: number[] = [];
    const offsets = [5, 1, 9, 3, 1];
    const all = offsets.map((offset) => wait([parcels(offset)]).then(() => order.push(offset)));
    for (const offset of [1, 4, 9]) {
      passed['parcels scans:0'] = offset;
      reads.look(hasPassed);
    }
    await Promise.all(all);
    expect(order).toEqual([1, 1, 3, 5, 9]);
  });

  it('cost a look nothing, however many of them wait for more', () => {
    for (let count = 0; count < 1_000; count += 1) {
      wait([parcels(7 + count), depots(99)], 1).catch(() => {});
    }
    passed['parcels scans:0'] = 6;
    asked = 0;
    reads.look(hasPassed);
    expect(asked).toBe(1);
  });

  it('don’t wait for a client that has left before', async () => {
    expect(await wait([parcels(1)], 60_000, AbortSignal.abort())).toBe(false);
    expect(reads.awaited()).toEqual([]);
  });

  it('give up after their time, and are no longer counted', async () => {
    expect(await wait([parcels(1)], 1)).toBe(false);
    expect(reads.awaited()).toEqual([]);
  });

  it('give up when their client has gone', async () => {
    const gone = new AbortController();
    const waiting = wait([parcels(1)], 60_000, gone.signal);
    gone.abort();
    expect(await waiting).toBe(false);
    expect(reads.awaited()).toEqual([]);
  });

  it('fail when their source has gone', async () => {
    const waiting = [wait([parcels(1)]), wait([parcels(2)])];
    const results = Promise.allSettled(waiting);
    reads.look(() => {
      throw new Error('the view is gone');
    });
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(reads.awaited()).toEqual([]);
  });

  it('wake the loop that follows generations', async () => {
    const come = reads.untilOne(60_000);
    const waiting = wait([parcels(1)], 1);
    await come;
    expect(await waiting).toBe(false);
  });
});
