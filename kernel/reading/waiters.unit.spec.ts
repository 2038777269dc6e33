import { describe, expect, it } from 'vitest';
import { Waiters } from './waiters.ts';

describe('those who wait for generations', () => {
  it('do not wait for what is there already', async () => {
    const waiters = new Waiters();
    expect(await waiters.wait(() => [], 0)).toBe(true);
    expect(waiters.awaited().size).toBe(0);
  });

  it('name what they wait for, and go on once there is nothing left', async () => {
    const waiters = new Waiters();
    const missing = new Set(['parcels.g1', 'depots.g1']);
    const waiting = waiters.wait(() => [...missing], 60_000);
    const other = waiters.wait(() => (missing.size > 0 ? ['parcels.g1'] : []), 60_000);
    expect(waiters.awaited()).toEqual(missing);
    missing.delete('depots.g1');
    expect(waiters.awaited()).toEqual(new Set(['parcels.g1']));
    missing.clear();
    expect(waiters.awaited().size).toBe(0);
    expect(await Promise.all([waiting, other])).toEqual([true, true]);
  });

  it('give up after their time, and are waited for no more', async () => {
    const waiters = new Waiters();
    expect(await waiters.wait(() => ['parcels.g1'], 1)).toBe(false);
    expect(waiters.awaited().size).toBe(0);
  });

  it('hear of it when what they wait for can not come any more', async () => {
    const waiters = new Waiters();
    let isGone = false;
    const waiting = waiters.wait(() => {
      if (isGone) throw new Error('the view is gone');
      return ['parcels.g1'];
    }, 60_000);
    isGone = true;
    expect(waiters.awaited().size).toBe(0);
    await expect(waiting).rejects.toThrow('the view is gone');
  });

  it('wake whoever waits for one of them', async () => {
    const waiters = new Waiters();
    const come = waiters.untilOne(60_000);
    const waiting = waiters.wait(() => ['parcels.g1'], 1);
    await come;
    expect(await waiting).toBe(false);
  });
});
