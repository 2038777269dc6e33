import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AnswerCache } from './answer-cache.ts';

let made = 0;
const make = async () => ({ body: Buffer.from(String(++made)), etag: '' });
const broken = () => Promise.reject(new Error('away'));

let answers: AnswerCache;
const get = async (key: string, state: string, how = make) =>
  String((await answers.get(key, state, how)).body);

beforeEach(() => {
  made = 0;
  answers = new AnswerCache();
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => void vi.useRealTimers());

it('an answer is given again while the views have not moved', async () => {
  expect([await get('a', 's1'), await get('a', 's1'), await get('b', 's1')]).toEqual([
    '1',
    '1',
    '2',
  ]);
});

it('requests at the same time share one answer', async () => {
  expect(await Promise.all([get('a', 's1'), get('a', 's1')])).toEqual(['1', '1']);
});

it('an answer is made anew once a view has moved, or after a second', async () => {
  expect([await get('a', 's1'), await get('a', 's2')]).toEqual(['1', '2']);
  vi.advanceTimersByTime(1_001);
  expect(await get('a', 's2')).toBe('3');
});

it('a failure is not kept', async () => {
  await expect(get('a', 's1', broken)).rejects.toThrow('away');
  expect(await get('a', 's1')).toBe('1');
});
