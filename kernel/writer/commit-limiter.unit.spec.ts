import { describe, expect, it, vi } from 'vitest';
import { CommitLimiter } from './commit-limiter.ts';

/** Pieces of work by name: which have begun, in order, and how to end each. */
function workers(limiter: CommitLimiter) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (...names: string[]) => {
    for (const name of names) {
      const { promise, resolve } = Promise.withResolvers<void>();
      ends.set(name, resolve);
      void limiter.run(() => {
        begun.push(name);
        return promise;
      });
    }
  };
  const end = (name: string) => ends.get(name)?.();
  return { begun, ask, end };
}

describe('a limiter of commits', () => {
  it('lets work begin in the order of asking', async () => {
    const { begun, ask, end } = workers(new CommitLimiter(2, 60_000));
    ask('a', 'b', 'c', 'd');
    expect(begun).toEqual(['a', 'b']);
    end('b');
    await vi.waitUntil(() => begun.length === 3);
    end('a');
    await vi.waitUntil(() => begun.length === 4);
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets the next begin after work that failed', async () => {
    const limiter = new CommitLimiter(1, 60_000);
    const failing = limiter.run(() => Promise.reject(new Error('no')));
    const next = limiter.run(() => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('done');
  });

  it('lets others begin although one takes too long', async () => {
    const { begun, ask, end } = workers(new CommitLimiter(1, 5));
    ask('keeps it', 'b');
    await vi.waitUntil(() => begun.includes('b'));
    end('b');
    end('keeps it');
    ask('c');
    await vi.waitUntil(() => begun.includes('c'));
  });
});
