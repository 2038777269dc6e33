import { InfiniteQueryObserver, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { answers, readAgain } from './answers.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
  answers.clear();
});

/** A server whose answers are given when the test says so. */
function reads() {
  const asked: { answer(text: string): void; fail(): void }[] = [];
  const read = () =>
    new Promise<string>((resolve, reject) => {
      asked.push({ answer: resolve, fail: () => reject(new Error('away')) });
    });
  return { asked, read };
}

function onScreen(key: string, queryFn: () => Promise<string>) {
  const observer = new QueryObserver(answers, { queryKey: [key], queryFn });
  ends.push(observer.subscribe(() => {}));
  return observer;
}

it('a first read that is on its way is awaited, and what it brings is read again', async () => {
  const { asked, read } = reads();
  const list = onScreen('list', read);
  const again = readAgain();
  asked[0]!.answer('before');
  await until(() => asked.length === 2);
  expect(list.getCurrentResult().data).toBe('before');
  asked[1]!.answer('after');
  await again;
  expect(list.getCurrentResult().data).toBe('after');
});

it('those who ask while a read is on its way share the next one', async () => {
  const { asked, read } = reads();
  onScreen('list', read);
  const all = Promise.all([readAgain(), readAgain({ queryKey: ['list'] }), readAgain()]);
  asked[0]!.fail();
  await until(() => asked.length === 2);
  asked[1]!.answer('after');
  await all;
  expect(asked.length).toBe(2);
});

it('a further page that is on its way comes, and all pages are read again', async () => {
  const { asked, read } = reads();
  const list = new InfiniteQueryObserver(answers, {
    queryKey: ['pages'],
    queryFn: read,
    initialPageParam: 0,
    getNextPageParam: (_last, pages) => pages.length,
  });
  ends.push(list.subscribe(() => {}));
  asked[0]!.answer('one');
  await until(() => list.getCurrentResult().data?.pages.length === 1);
  void list.fetchNextPage();
  const again = readAgain();
  asked[1]!.answer('two');
  await until(() => asked.length === 3);
  expect(list.getCurrentResult().data?.pages).toEqual(['one', 'two']);
  asked[2]!.answer('one anew');
  await until(() => asked.length === 4);
  asked[3]!.answer('two anew');
  await again;
  expect(list.getCurrentResult().data?.pages).toEqual(['one anew', 'two anew']);
});

it('what is not on the screen is read when it is there next', async () => {
  answers.setQueryData(['list'], 'before');
  await readAgain();
  const { asked, read } = reads();
  const list = onScreen('list', read);
  expect([list.getCurrentResult().data, asked.length]).toEqual(['before', 1]);
});
