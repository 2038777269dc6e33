import { InfiniteQueryObserver, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, it } from 'vitest';
import { UnreachableError } from '#client/client.ts';
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
  const read = (_signal?: unknown) =>
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

it('what leaves the screen while it is read again is read when it is there next', async () => {
  const { asked, read } = reads();
  // A read that takes the signal is given up when nobody looks any more.
  const queryFn = ({ signal }: { signal: AbortSignal }) => read(signal);
  const list = new QueryObserver(answers, { queryKey: ['list'], queryFn });
  const leave = list.subscribe(() => {});
  asked[0]!.answer('before');
  await until(() => list.getCurrentResult().data === 'before');
  const again = readAgain();
  await until(() => asked.length === 2);
  leave();
  await again;
  onScreen('list', read);
  expect(asked.length).toBe(3);
});

it('a read that fails because an API is away is told, another failure isn’t', async () => {
  const fails = async (error: Error) => {
    const end = new QueryObserver(answers, {
      queryKey: ['list'],
      queryFn: () => Promise.reject(error),
    }).subscribe(() => {});
    const isRead = await readAgain();
    end();
    return !isRead;
  };
  expect(await fails(new UnreachableError('http://ann', null))).toBe(true);
  expect(await fails(new Error('no such thing'))).toBe(false);
});
