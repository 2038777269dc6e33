import { Collection } from 'mongodb';

/**
 * The reactors as a process of its own, for tests that kill it. It says `hangs` and hangs, the
 * so-and-so-manieth time that it comes to a step:
 * `command` (not sent yet), `answer` (decided, but nobody heard), `checkpoint` (not stored yet),
 * `stored` (and nothing after it).
 */
const [step, times = '1'] = process.argv.slice(2);

let left = Number(times);
async function reach(name: string): Promise<void> {
  if (name !== step) return;
  left -= 1;
  if (left > 0) return;
  process.send?.('hangs');
  await new Promise(() => {});
}

const { fetch } = globalThis;
globalThis.fetch = async (...request) => {
  await reach('command');
  const answer = await fetch(...request);
  await reach('answer');
  return answer;
};

const { updateOne } = Collection.prototype;
Collection.prototype.updateOne = async function (this: Collection, filter, update, options) {
  const isAdvance = this.collectionName === 'reactor_checkpoints' && '$set' in update;
  if (isAdvance) await reach('checkpoint');
  const result = await updateOne.call(this, filter, update, options);
  if (isAdvance) await reach('stored');
  return result;
} as typeof updateOne;

await import('../reactors/main.ts');
