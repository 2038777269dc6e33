import { expect, it } from 'vitest';
import { once } from './once.ts';

it('what was so once stays so', () => {
  const answers = [false, true, false];
  const was = once(() => answers.shift() ?? false);
  expect([was(), was(), was(), was()]).toEqual([false, true, true, true]);
});
