import { expect, it } from 'vitest';
import { Problem } from '../problems.ts';
import { LaneOutages } from './lane-outages.ts';

const late = new Problem('lane-unavailable', 'It took too long.');
const fail = () => Promise.reject(late);
const answer = async () => 'done';

it('one command waits for a lane that is away, and others are refused at once', async () => {
  const outages = new LaneOutages();
  // Nothing is known yet: both wait.
  const both = await Promise.allSettled([outages.watch(1, fail), outages.watch(1, fail)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const waits = Promise.withResolvers<string>();
  const waiting = outages.watch(1, () => waits.promise);
  const refused = outages.watch(1, answer);
  await expect(refused).rejects.toMatchObject({ code: 'part-away', retryAfterSeconds: 1 });
  await expect(outages.watch(2, answer)).resolves.toBe('done');
  waits.resolve('done');
  await expect(waiting).resolves.toBe('done');
  await expect(outages.watch(1, answer)).resolves.toBe('done');
});

it('a lane stays away while its owner says so, too', async () => {
  const outages = new LaneOutages();
  const gone = new Problem('part-away', 'It has not answered for a while.');
  await expect(outages.watch(1, fail)).rejects.toBe(late);
  await expect(outages.watch(1, () => Promise.reject(gone))).rejects.toBe(gone);
  const waits = Promise.withResolvers<string>();
  const waiting = outages.watch(1, () => waits.promise);
  await expect(outages.watch(1, answer)).rejects.toMatchObject({ code: 'part-away' });
  waits.resolve('done');
  await waiting;
});

it('a lane that refuses a command by its rules is there', async () => {
  const outages = new LaneOutages();
  await expect(outages.watch(1, fail)).rejects.toBe(late);
  const refusal = new Problem('version-mismatch', 'It is another one.');
  await expect(outages.watch(1, () => Promise.reject(refusal))).rejects.toBe(refusal);
  const all = [outages.watch(1, answer), outages.watch(1, answer)];
  expect(await Promise.all(all)).toEqual(['done', 'done']);
});
