import { expect, it } from 'vitest';
import { AbortedError, type AppendOptions, type FencedProducer } from '../../log/log.ts';
import { Tenure } from './tenure.ts';

/** A producer for brokers that need so long for each append, and the limits that it was given. */
function slowProducer(needsMs: () => number) {
  const limits: number[] = [];
  const producer: Partial<FencedProducer> = {
    async append(_records, _late, { troubleAfterMs = 0 }: AppendOptions = {}) {
      limits.push(troubleAfterMs);
      if (troubleAfterMs < needsMs()) throw new AbortedError([], 'no answer yet');
      return [];
    },
  };
  return { limits, producer: producer as FencedProducer };
}

const appended = (tenure: Tenure) =>
  tenure
    .append([], () => [])
    .then(
      () => true,
      () => false,
    );

it('an append gets more time while none succeeds, and the usual time again after one', async () => {
  let needsMs = 700;
  const { limits, producer } = slowProducer(() => needsMs);
  const tenure = await Tenure.begin('n', { producer: async () => producer });
  const outcomes = [];
  for (let n = 0; n < 4; n += 1) outcomes.push(await appended(tenure));
  expect(outcomes).toEqual([false, false, true, false]);
  expect(limits).toEqual([200, 400, 800, 200]);
  needsMs = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 6; n += 1) await appended(tenure);
  expect(limits.slice(-2)).toEqual([3_200, 3_200]);
});
