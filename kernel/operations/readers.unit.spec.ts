import { expect, it } from 'vitest';
import type { Reading } from '../query.ts';
import type { NodeReport, ReaderReport } from './nodes.ts';
import { readersQuery } from './readers.ts';

/** What operators are told of the processes that answer queries. */

const url = 'http://ann:4010';
const copy = { view: 'votes@1', generation: 'votes.g1', secondsBehind: 0.2 };
const well = { readModels: true, copies: [copy, { ...copy, secondsBehind: 0.3 }] };

const report = (told: Partial<NodeReport> = {}): ReaderReport => ({
  ...{ url, silentMs: 0 },
  report: {
    ...{ url, roles: ['reader'], ready: true, details: well, answerMs: 3, trouble: null },
    ...told,
  },
});

const shown = async (...readers: ReaderReport[]) => {
  const system = { snapshot: async () => ({ at: 0, readers }) };
  const asked = { operations: { system } } as unknown as Reading;
  const { items } = (await readersQuery.answer({}, asked)) as { items: { state: string }[] };
  return items;
};

it('one that is well is live, and tells of the copy that is most behind', async () => {
  expect(await shown(report())).toEqual([
    {
      ...{ url, state: 'live', silentSeconds: 0, answerMs: 3, secondsBehind: 0.3, trouble: null },
      copies: well.copies,
    },
  ]);
});

it.each<[ReaderReport, string, string | null]>([
  [{ ...report(), silentMs: 40_000, report: null }, 'gone', null],
  [
    report({ ready: false, details: null, answerMs: null, trouble: 'connect ECONNREFUSED' }),
    ...(['away', 'connect ECONNREFUSED'] as const),
  ],
  [report({ ready: false, details: { waitsFor: 'MongoDB' } }), 'not-ready', null],
  [report({ details: { ...well, readModels: false } }), 'not-ready', null],
  [
    report({ ready: false, details: { ...well, clock: 'it is 5 s late' } }),
    ...(['not-ready', 'it is 5 s late'] as const),
  ],
  [report({ details: { ...well, copies: [{ ...copy, secondsBehind: 7 }] } }), 'behind', null],
  [report({ answerMs: 800 }), 'slow', null],
  // A process of a release that tells of no copies.
  [report({ details: { readModels: true } }), 'live', null],
])('%o is %s', async (one, state, trouble) => {
  expect(await shown(one)).toMatchObject([{ state, trouble }]);
});

it('one that stops in peace is told no more', async () => {
  expect(await shown(report({ ready: false, details: { stopping: true } }))).toEqual([]);
});

it('those in trouble come first', async () => {
  const others = [{ ...report(), url: 'http://joe' }, report({ answerMs: 800 })];
  const gone = { ...report(), url: 'http://jim', silentMs: 40_000, report: null };
  const found = await shown(...others, gone);
  expect(found.map(({ state }) => state)).toEqual(['gone', 'slow', 'live']);
});
