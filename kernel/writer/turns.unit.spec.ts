import { describe, expect, it, vi } from 'vitest';
import { Turns } from './turns.ts';

/** Whose work has begun, in order, and how to end it. */
function workers(turns: Turns) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (...names: string[]) => {
    for (const name of names) {
      const { promise, resolve } = Promise.withResolvers<void>();
      ends.set(name, resolve);
      void turns.run(() => {
        begun.push(name);
        return promise;
      });
    }
  };
  const end = (name: string) => ends.get(name)?.();
  return { begun, ask, end };
}

describe('turns', () => {
  it('are passed on in the order of asking', async () => {
    const { begun, ask, end } = workers(new Turns(2, 60_000));
    ask('a', 'b', 'c', 'd');
    expect(begun).toEqual(['a', 'b']);
    end('b');
    await vi.waitUntil(() => begun.length === 3);
    end('a');
    await vi.waitUntil(() => begun.length === 4);
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are passed on by work that fails as well', async () => {
    const turns = new Turns(1, 60_000);
    const failing = turns.run(() => Promise.reject(new Error('no')));
    const next = turns.run(() => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('done');
  });

  it('are passed on although a lane keeps one too long', async () => {
    const { begun, ask, end } = workers(new Turns(1, 5));
    ask('keeps it', 'b');
    await vi.waitUntil(() => begun.includes('b'));
    end('b');
    end('keeps it');
    ask('c');
    await vi.waitUntil(() => begun.includes('c'));
  });
});
