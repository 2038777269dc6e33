import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cacheDir, cached } from './cache.ts';

describe('the cache', () => {
  const name = `spec-${process.pid}`;
  afterEach(() => {
    for (const path of [name, join('.locks', name)]) {
      rmSync(join(cacheDir, path), { recursive: true, force: true });
    }
  });

  it('shows no trace of an interrupted fetch', async () => {
    const interrupted = cached(name, async (into) => {
      writeFileSync(join(into, 'half'), '');
      throw new Error('cut off');
    });
    await expect(interrupted).rejects.toThrow('cut off');
    expect(readdirSync(cacheDir).filter((entry) => entry.startsWith(name))).toEqual([]);
  });

  it('fetches once, even if several callers ask at the same time', async () => {
    let fetches = 0;
    const fetchOnce = () =>
      cached(name, async (into) => {
        fetches++;
        writeFileSync(join(into, 'whole'), '');
      });
    const places = await Promise.all([fetchOnce(), fetchOnce(), fetchOnce()]);
    expect(fetches).toBe(1);
    expect(existsSync(join(places[2]!, 'whole'))).toBe(true);
  });
});
