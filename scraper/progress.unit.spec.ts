import { expect, test } from 'vitest';
import { progressOn } from './progress.ts';

function output(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, columns: 100, write: (text: string) => written.push(text) };
  return { stream: stream as unknown as NodeJS.WriteStream, written };
}
const tally = { added: 3, changed: 0, unchanged: 1, rejected: 0 };

test('away from a terminal, progress is a plain line a second', () => {
  const { stream, written } = output(false);
  let time = 0;
  const progress = progressOn({ output: stream, tally, size: 200, now: () => time });
  for (time = 0; time <= 2_500; time += 100) progress.update(50);
  progress.say('row 7 rejected');
  progress.stop();
  const line = '25%: added 3 / changed 0 / unchanged 1 / rejected 0\n';
  expect(written).toEqual([line, line, 'row 7 rejected\n']);
});

test('where the size is not known, rows are counted', () => {
  const { stream, written } = output(false);
  let time = 0;
  const progress = progressOn({ output: stream, tally, size: null, now: () => time });
  time = 1_000;
  progress.update(50);
  expect(written).toEqual(['4 rows: added 3 / changed 0 / unchanged 1 / rejected 0\n']);
});
