import { expect, it } from 'vitest';
import { z } from 'zod';
import { operator } from '../auth/roles.ts';
import { query } from '../query.ts';
import { answering } from './answering.ts';
import { SharedLimits } from './read-limits.ts';
import type { ReadModels } from './read-models.ts';

const notes = query({
  ...{ name: 'notes', summary: 'Notes', route: 'GET /notes', example: {}, views: [] },
  ...{ input: z.object({}), output: z.unknown(), answer: async () => [] },
});

/** Asks for the views as of a time, which are found so. */
function answered(asOf: ReadModels['asOf']) {
  const limits = new SharedLimits({
    ...{ atOnce: 4, queue: 4, answerCacheBytes: 1_000, answerWithinMs: 20 },
  });
  const places = { check: async () => undefined };
  const answer = answering(notes, {
    ...{ readModels: { asOf } as ReadModels, log: 'this-log', places, limits },
  });
  return answer({
    ...{ asked: { input: {}, key: 'k', asOf: 'may', consistency: undefined }, address: '' },
    ...{ caller: { userId: 'olga', roles: new Set([operator]) }, asOf: 'may', wanted: null },
    ...{ waitMs: 0, gone: () => new AbortController().signal },
  });
}

it('a read of a time whose views take too long to load is told so', async () => {
  const loading = answered(() => new Promise<never>(() => {}));
  await expect(loading).rejects.toMatchObject({ code: 'read-model-building' });
});
