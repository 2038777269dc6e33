import type { Express } from 'express';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { aggregate, batch } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import { signToken } from '../auth/tokens.ts';
import type { Event } from '../event.ts';
import { Problem } from '../problems.ts';
import { exampleApp, secret } from '../testing/example-app.ts';
import { batchRoutes } from './batch-routes.ts';
import { type Listening, listen } from './listen.ts';
import type { Submitter } from './submitter.ts';

type Scanned = Event<'ParcelScanned', { parcelId: string }>;
const parcel = aggregate<null, Scanned>({
  ...{ topic: 'parcels', stateVersion: 1, initial: null, evolve: () => null },
});
const scans = batch({
  ...{ name: 'scans', route: 'POST /scans\\:batch', summary: 'Scan many parcels' },
  example: { items: [] },
  item: parcel.command({
    ...{ name: 'scan-in-batch', route: null, role: operator },
    input: z.strictObject({ parcelId: z.string() }),
    stream: ({ parcelId }) => ({ key: parcelId, id: parcelId }),
    decide: ({ parcelId }) => [{ type: 'ParcelScanned', data: { parcelId } }],
  }),
  same: ({ parcelId }) => parcelId,
});

const open: Listening[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** A submitter that remembers what it has appended, by key and item. */
async function serving(refuse: (parcelId: string) => Promise<Problem | null>) {
  const appended: string[] = [];
  const submitter = {
    checkSeen: async () => undefined,
    tokenOf: (_seen, decided) => String(decided.length),
    decide: async (_command, given, { idempotencyKey }) => {
      const { parcelId } = given as { parcelId: string };
      const problem = await refuse(parcelId);
      if (problem) throw problem;
      const key = `${idempotencyKey} ${parcelId}`;
      if (!appended.includes(key)) appended.push(key);
      const outcome = { stream: parcelId, version: 1, types: ['ParcelScanned'], made: null };
      return { lane: 0, outcome: { ...outcome, seen: null } };
    },
  } as Partial<Submitter> as Submitter;
  const more = (app: Express) => void app.use(batchRoutes({ batches: [scans], submitter }));
  const server = await listen(exampleApp({ more }), { host: '127.0.0.1', port: 0 });
  open.push(server);
  const sendAs = async (user: string, ...parcelIds: string[]) => {
    const token = await signToken({ user, roles: [operator], secret, ttlSeconds: 60 });
    return fetch(`${server.url}/scans:batch`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': 'k',
      },
      body: JSON.stringify({ items: parcelIds.map((parcelId) => ({ parcelId })) }),
    });
  };
  return { send: (...parcelIds: string[]) => sendAs('u', ...parcelIds), sendAs, appended };
}

it('an item whose lane is away makes the whole batch 503; the repeat does the rest', async () => {
  let isAway = true;
  const away = new Problem('lane-unavailable', 'The lane is moving.');
  const { send, appended } = await serving(async (id) => (isAway && id === 'p2' ? away : null));
  const first = await send('p1', 'p2', 'p3');
  expect(first.status).toBe(503);
  expect(first.headers.get('retry-after')).toBe('1');
  const { code, detail } = (await first.json()) as Record<string, string>;
  expect([code, detail]).toEqual(['lane-unavailable', expect.stringMatching(/2 are done.*again/)]);
  isAway = false;
  const answer = { added: 3, existing: 0, rejected: [], token: '3' };
  expect(await (await send('p1', 'p2', 'p3')).json()).toEqual(answer);
  expect(appended).toEqual(['k p1', 'k p3', 'k p2']);
});

it('a batch is not answered before all of its items are decided', async () => {
  const away = new Problem('part-away', 'MongoDB is away.');
  const decided: string[] = [];
  const { send, appended } = await serving(async (id) => {
    if (id === 'p1') return away;
    // Long enough for an answer that doesn't wait.
    for (const route of ['/parcels', '/slow', '/parcels']) await fetch(`${open[0]?.url}${route}`);
    decided.push(id);
    return null;
  });
  const { status } = await send('p1', 'p2');
  expect([status, decided, appended]).toEqual([503, ['p2'], ['k p2']]);
});

it('a user’s third batch at once is told to wait', async () => {
  let decide: (problem: null) => void = () => undefined;
  const late = new Promise<null>((resolve) => {
    decide = resolve;
  });
  let begun = 0;
  const { send } = await serving(() => {
    begun += 1;
    return late;
  });
  const two = [send('p1'), send('p2')];
  while (begun < 2) await new Promise(setImmediate);
  expect((await send('p3')).status).toBe(429);
  decide(null);
  expect((await Promise.all(two)).map(({ status }) => status)).toEqual([200, 200]);
});

it('a batch waits for a lane that is away with one of its parts only', async () => {
  const decided = Promise.withResolvers<null>();
  const begun: string[] = [];
  const { send, sendAs } = await serving(async (id) => {
    begun.push(id);
    if (id.startsWith('other')) return decided.promise;
    return new Problem('lane-unavailable', 'The lane is moving.');
  });
  // While others run, a batch may have only a part of its items under way at once.
  const others = [sendAs('v', 'other 1'), sendAs('v', 'other 2')];
  while (begun.length < 2) await new Promise(setImmediate);
  const items = Array.from({ length: 500 }, (_, at) => `p${at}`);
  expect((await send(...items)).status).toBe(503);
  expect(begun.length).toBeLessThan(items.length);
  decided.resolve(null);
  expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200]);
});
