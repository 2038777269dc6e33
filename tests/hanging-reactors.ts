import { Collection } from 'mongodb';

/**
 * The reactors as a program that hangs at a step, for tests that kill it there. It sends `hangs`
 * when it reaches the step for the n-th time. The steps: `command` (before a command is sent),
 * `answer` (the command was decided, the answer not read), `checkpoint` (before a checkpoint is
 * stored), `stored` (right after that).
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
