import { BSON } from 'mongodb';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Aggregate, Command } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import type { Log } from '../log/log.ts';
import { ModelLog, ModelStore, modelCodec } from '../testing/lane-model.ts';
import { until } from '../testing/until.ts';
import { Committer } from './committer.ts';
import { LaneWriter } from './lane-writer.ts';
import { defaultWriterLimits } from './lanes.ts';
import { partName } from './parts.ts';
import { type Request, request } from './request.ts';
import type { LaneStore } from './store.ts';
import { defaultStreamLimits, HotStreams, type Stream } from './streams.ts';

/** Shelves with many books: a state that is never needed, read or written as a whole. */
type Shelf = { books: number; book: { isLent: boolean; notes: string[] } };

const shelf: Aggregate<Shelf> = {
  topic: 'shelves',
  stateVersion: 1,
  initial: { books: 0, book: { isLent: false, notes: [] } },
  parts: { field: 'book', of: ({ data }) => (data as { isbn: string }).isbn },
  evolve: ({ books, book }, { type }) => ({
    books: books + (book.notes.length === 0 ? 1 : 0),
    book: { isLent: type === 'Lent', notes: [...book.notes, 'x'.repeat(100)] },
  }),
};

const lend: Command<{ isbn: string; about: string }, Shelf> = {
  ...{ aggregate: shelf as never, name: 'lend', route: null, role: operator },
  input: z.object({ isbn: z.string(), about: z.string() }),
  stream: () => ({ key: 'k', id: 'home' }),
  part: ({ isbn }) => isbn,
  decide: ({ about }, { book }) =>
    book.isLent ? [] : [{ type: 'Lent', data: { isbn: about } } as never],
};

let keys = 0;
const asked = (isbn: string, about = isbn): Request =>
  request(
    lend as unknown as Command,
    { isbn, about },
    { userId: 'u', roles: new Set() },
    {
      idempotencyKey: `key-${keys++}`,
      expectedVersion: null,
      trace: { correlationid: 'c', causationid: null, traceparent: '' },
    },
  );

const metaOf = (sequence: number) => ({
  ...{ id: `e${sequence}`, source: '/', subject: 'shelves/home', time: 1, sequence, actor: 'u' },
  ...{ correlationid: 'c', causationid: null, commandid: `c${sequence}`, requesthash: 'h' },
});

/** A lane whose one shelf holds so many books, stored in `write_state`. */
async function laneWith(books: number) {
  const log = new ModelLog(['shelves']);
  const shared = log.asLog() as Log;
  const onWarning = () => undefined;
  const committer = new Committer({ log: shared, prefix: '', name: 'writer', onWarning });
  log.topics.get('shelves')?.push(
    ...Array.from({ length: books }, (_, at) => ({
      offset: at,
      event: { type: 'Returned', data: { isbn: `b${at}` }, meta: metaOf(at + 1) },
    })),
  );
  const model = new ModelStore();
  const slow = model.asStore({});
  const flushed: (readonly [string, Stream])[][] = [];
  const store: LaneStore = {
    ...slow,
    flush(row, streams, added) {
      flushed.push([...streams]);
      const written = slow.flush(row, streams, added);
      for (const flush of model.pending.splice(0)) flush.land();
      return written;
    },
  };
  const newWriter = () => {
    const writer = new LaneWriter({
      ...{ lane: 0, laneCount: 1, prefix: '', codec: modelCodec, store },
      aggregates: new Map([['shelves', shelf as unknown as Aggregate]]),
      lease: { valid: true, passOn: () => false, lost: new AbortController().signal },
      log: shared,
      ...{ source: '/', committer, now: Date.now },
      limits: { ...defaultWriterLimits, flushMs: 1e8 },
      onWarning: () => undefined,
    });
    writer.run().catch(() => undefined);
    return writer;
  };
  const first = newWriter();
  await until(() => first.open);
  await first.drain();
  flushed.length = 0;
  const writer = newWriter();
  await until(() => writer.open);
  return { writer, flushed };
}

const bytesOf = (streams: readonly (readonly [string, Stream])[]) =>
  BSON.calculateObjectSize({ streams });

it('a command reads and stores what it is about, however many parts the state has', async () => {
  const small = await laneWith(100);
  const large = await laneWith(5_000);
  for (const { writer } of [small, large]) {
    expect(await writer.submit(asked('b1'))).toMatchObject({ types: ['Lent'] });
    expect(await writer.submit(asked('b1'))).toMatchObject({ types: [] });
    // The first event after taking a lane is read again, to see that it is still the same log.
    expect(writer.state.hot.size).toBeLessThanOrEqual(3);
    await writer.state.flush();
    expect(writer.state.hot.get('shelves/home')?.state).toEqual({
      books: writer === small.writer ? 100 : 5_000,
    });
    await writer.drain();
  }
  const [[ofSmall], [ofLarge]] = [small.flushed, large.flushed];
  expect(ofLarge?.map(([name]) => name).sort()).toEqual([
    partName('shelves/home', 'b1'),
    'shelves/home',
  ]);
  expect(bytesOf(ofLarge ?? [])).toBeLessThan(1.1 * bytesOf(ofSmall ?? []));
});

it('an event about another part than its command’s is not appended', async () => {
  const { writer } = await laneWith(3);
  await expect(writer.submit(asked('b1', 'b2'))).rejects.toMatchObject({ code: 'internal-error' });
  expect(writer.done.events).toBe(0);
  await writer.drain();
});

it('parts of different streams have different names, whatever their ids contain', () => {
  const all = [
    ['t/a', 'b'],
    ['t/a","b', ''],
    ['t/["a', '"b"]'],
    ['t/', 'a/b'],
    ['t/a/b', ''],
  ];
  const names = all.map(([stream, key]) => partName(stream as string, key as string));
  expect(new Set([...names, ...all.map(([stream]) => stream)]).size).toBe(2 * all.length);
});

it('a large stream is measured again only once its events have doubled it', () => {
  let measured = 0;
  const state = (bytes: number) => ({
    toBSON() {
      measured += 1;
      return { text: 'x'.repeat(bytes) };
    },
  });
  const hot = new HotStreams({ ...defaultStreamLimits });
  const stream = (version: number, bytes: number): Stream => {
    return { version, lastOffset: version, state: state(bytes), keys: [] };
  };
  hot.loaded('t/a', stream(1, 100_000));
  for (let n = 0; n < 1_000; n += 1) hot.committed('t/a', stream(n + 2, 100_000 + n * 300), 300);
  expect(measured).toBeLessThan(6);
  expect(hot.bytes).toBeGreaterThan(350_000);
  expect(hot.bytes).toBeLessThan(900_000);
});
