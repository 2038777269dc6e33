import { afterEach, expect, it, vi } from 'vitest';
import { freePort, reserve } from './ports.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('a port that is reserved is not given to another process', async () => {
  reserve([15_000]);
  // Chance leads to that port first.
  vi.spyOn(Math, 'random').mockReturnValueOnce(0);
  expect(await freePort()).toBeGreaterThan(15_000);
});
