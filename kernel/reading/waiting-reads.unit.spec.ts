import { describe, expect, it } from 'vitest';
import { WaitingReads } from './waiting-reads.ts';

describe('reads that wait for generations', () => {
  it('go on at once when every generation is far enough', async () => {
    const reads = new WaitingReads();
    expect(await reads.wait(() => [], 0)).toBe(true);
    expect(reads.awaited().size).toBe(0);
  });

  it('name the generations they wait for, and go on once there are none left', async () => {
    const reads = new WaitingReads();
    const missing = new Set(['parcels.g1', 'depots.g1']);
    const waiting = reads.wait(() => [...missing], 60_000);
    const other = reads.wait(() => (missing.size > 0 ? ['parcels.g1'] : []), 60_000);
    expect(reads.awaited()).toEqual(missing);
    missing.delete('depots.g1');
    expect(reads.awaited()).toEqual(new Set(['parcels.g1']));
    missing.clear();
    expect(reads.awaited().size).toBe(0);
    expect(await Promise.all([waiting, other])).toEqual([true, true]);
  });

  it('give up after their time, and are no longer counted', async () => {
    const reads = new WaitingReads();
    expect(await reads.wait(() => ['parcels.g1'], 1)).toBe(false);
    expect(reads.awaited().size).toBe(0);
  });

  it('fail when their generation will never come', async () => {
    const reads = new WaitingReads();
    let isGone = false;
    const waiting = reads.wait(() => {
      if (isGone) throw new Error('the view is gone');
      return ['parcels.g1'];
    }, 60_000);
    isGone = true;
    expect(reads.awaited().size).toBe(0);
    await expect(waiting).rejects.toThrow('the view is gone');
  });

  it('wake the loop that follows generations', async () => {
    const reads = new WaitingReads();
    const come = reads.untilOne(60_000);
    const waiting = reads.wait(() => ['parcels.g1'], 1);
    await come;
    expect(await waiting).toBe(false);
  });
});
