import { expect, it } from 'vitest';
import type { Chunk, LogReader, Subscription } from '../log/log.ts';
import { sharedReaders } from './shared-readers.ts';

const chunk: Chunk = { topic: 'parcels', lane: 0, records: [], next: 1 };

/** A log whose subscriptions bring one chunk each, and count what is open. */
function countingLog() {
  const open = { readers: 0, made: 0, subscriptions: 0 };
  const subscribe = (): Subscription => {
    open.subscriptions += 1;
    const chunks = [[chunk], []];
    return {
      isFailing: false,
      take: async () => chunks.shift() ?? [],
      async close() {
        open.subscriptions -= 1;
      },
    };
  };
  const reader = (): LogReader => {
    open.readers += 1;
    open.made += 1;
    return {
      subscribe,
      async close() {
        open.readers -= 1;
      },
    };
  };
  return { open, readers: sharedReaders({ reader }) };
}

async function readToTheEnd(reader: LogReader) {
  const subscription = reader.subscribe([]);
  while ((await subscription.take()).length > 0);
}

it('readers that are open at once share one, which is closed with the last of them', async () => {
  const { open, readers } = countingLog();
  const [one, other] = [readers.reader(), readers.reader()];
  await Promise.all([one, other].map(readToTheEnd));
  expect(open).toMatchObject({ readers: 1, made: 1 });
  await one.close();
  expect(open.readers).toBe(1);
  await other.close();
  expect(open.readers).toBe(0);
  await readers.reader().close();
  expect(open).toMatchObject({ readers: 0, made: 2 });
});

it('a reader that is closed early leaves the others alone, and is not shared again', async () => {
  const { open, readers } = countingLog();
  const [hung, well] = [readers.reader(), readers.reader()];
  await hung.subscribe([]).take();
  await hung.close();
  expect(open).toEqual({ readers: 1, made: 1, subscriptions: 0 });
  const again = readers.reader();
  expect(open.made).toBe(2);
  await readToTheEnd(well);
  await Promise.all([well.close(), again.close()]);
  expect(open.readers).toBe(0);
});
