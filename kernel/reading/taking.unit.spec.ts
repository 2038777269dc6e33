import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { take } from './taking.ts';
import type { CopyModel } from './view-copy.ts';

/** Runs some work. @returns the most changes to the model that came in one turn of the loop. */
async function mostInOneTurn(work: (model: CopyModel) => Promise<void>): Promise<number> {
  let [most, changes, isDone] = [0, 0, false];
  const change = () => {
    changes += 1;
    most = Math.max(most, changes);
  };
  const done = work({ put: change, remove: change, ids: () => [] }).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await turn();
    changes = 0;
  }
  await done;
  return most;
}

const documents = Array.from({ length: 1_000 }, (_, at) => ({ _id: `d${at}` }));
const { signal } = new AbortController();

async function* all() {
  yield* documents;
}

it('a model that takes 1,000 documents lets other work run after every few', async () => {
  expect(await mostInOneTurn((model) => take(model, all(), new Set(), signal))).toBeLessThan(11);
});

it('a model that loses 1,000 documents lets other work run after every few', async () => {
  const ids = new Set(documents.map(({ _id }) => _id));
  const none = (async function* () {})();
  expect(await mostInOneTurn((model) => take(model, none, ids, signal))).toBeLessThan(11);
});

it('takes no more once it is stopped', async () => {
  const stop = new AbortController();
  let taken = 0;
  const put = () => {
    taken += 1;
    if (taken === 7) stop.abort(new Error('closing'));
  };
  const model = { put, remove: put, ids: () => [] };
  await expect(take(model, all(), new Set(), stop.signal)).rejects.toThrow('closing');
  expect(taken).toBeLessThan(17);
});
