import { describe, expect, it } from 'vitest';
import { type Codec, UndecodableError, UnknownEventError } from '../codec/codec.ts';
import type { Event } from '../event.ts';
import type { LogRecord } from '../log/log.ts';
import { projection } from '../projection.ts';
import { view } from '../view.ts';
import { Fold, type Slot, UnderivableError } from './fold.ts';

type Text = { _id: string; text: string };
type Written = Event<'Written', { id: string; text: string }>;

const texts = projection<Written>()({
  view: view<Text>({ name: 'texts', version: 1, topics: ['texts'], indexes: [] }),
  id: ({ data }) => data.id.toLowerCase(),
  when: {
    Written: (before, { data }) => {
      if (data.text === 'refused') throw new Error('no such text');
      return { _id: data.id, text: `${before?.text ?? ''}${data.text}` };
    },
  },
  derive: (document) => {
    if (document.text.includes('underivable')) throw new Error('no way');
    return { ...document, text: document.text.trim() };
  },
});

/** JSON stands in for Avro: the fold doesn't look into bytes. */
const codec: Codec = {
  encode: () => Buffer.alloc(0),
  learn: async () => {},
  decode: ({ value }) => {
    const text = String(value);
    if (!text.startsWith('{')) throw new UndecodableError('not JSON');
    const event = JSON.parse(text);
    if (event.type === 'Starred') throw new UnknownEventError('no event type of this code');
    return { type: 'Written', meta: {} as Event['meta'], ...event };
  },
  knows: () => true,
};

const record = (key: string, value: string, offset: number): LogRecord => ({
  ...{ topic: 'p.texts', lane: 0, offset, timestamp: 7, headers: { trace: Buffer.from('t') } },
  ...{ key: Buffer.from(key), value: Buffer.from(value) },
});
const wrote = (id: unknown, text: string) => JSON.stringify({ data: { id, text } });

/** Folds `[key, value]` pairs and gives the documents and the letters as `[key, error]`. */
function folded(records: [string, string][], { careful = false, parked = new Set<string>() } = {}) {
  const place = { view: 'texts@1', generation: 'texts.g1', lane: 0 };
  const fold = new Fold({ projection: texts, codec, place, prefix: 'p.', parked, careful });
  const prepared = records.flatMap(
    ([key, value], at) => fold.prepare(record(key, value, at)) ?? [],
  );
  const slots = new Map<string, Slot>();
  for (const one of prepared) {
    const slot = slots.get(one.id) ?? { before: null, document: null };
    slots.set(one.id, slot);
    fold.apply(one, slot);
  }
  const documents = () =>
    [...slots.values()].flatMap(({ document }) =>
      document ? [fold.derived(document) as Text] : [],
    );
  return { documents, letters: fold.letters.map(({ key, error }) => [key, error]), fold };
}

const behind = 'an earlier event of this key is parked';

describe('a fold', () => {
  it('folds each event into its document, and derives the other fields once', () => {
    const { documents, letters } = folded([
      ['a', wrote('a', ' one')],
      ['a', wrote('a', ' two ')],
    ]);
    expect(documents()).toEqual([{ _id: 'a', text: 'one two' }]);
    expect(letters).toEqual([]);
  });

  it('skips an event that the view does not handle', () => {
    const { documents, letters } = folded([['a', '{"type":"Read","data":{}}']]);
    expect([documents(), letters]).toEqual([[], []]);
  });

  it('passes over an event of another release, and folds the later ones of its key', () => {
    const { documents, letters } = folded([
      ['a', '{"type":"Starred","data":{}}'],
      ['a', wrote('a', 'one')],
    ]);
    expect([documents(), letters]).toEqual([[{ _id: 'a', text: 'one' }], []]);
  });

  it('parks an event whose handler throws, and later ones of the same key', () => {
    const { documents, letters } = folded([
      ['a', wrote('a', 'one')],
      ['a', wrote('a', 'refused')],
      ['a', wrote('a', 'late')],
      ['b', wrote('b', 'free')],
    ]);
    expect(documents().map(({ _id, text }) => [_id, text])).toEqual([
      ['a', 'one'],
      ['b', 'free'],
    ]);
    expect(letters).toEqual([
      ['a', 'no such text'],
      ['a', behind],
    ]);
  });

  it('parks an event that can not be decoded, but folds the ones before it', () => {
    const { documents, letters } = folded([
      ['a', wrote('a', 'one')],
      ['a', 'not at all'],
      ['a', wrote('a', 'late')],
    ]);
    expect(documents()).toEqual([{ _id: 'a', text: 'one' }]);
    expect(letters).toEqual([
      ['a', 'not JSON'],
      ['a', behind],
    ]);
  });

  it('parks an event that names no document', () => {
    expect(folded([['a', wrote(null, 'x')]]).letters).toEqual([
      ['a', 'no document is named by this Written'],
    ]);
  });

  it('goes on parking keys that were parked before', () => {
    const parked = new Set(['texts a']);
    expect(folded([['a', wrote('a', 'x')]], { parked }).letters).toEqual([['a', behind]]);
  });

  it('keeps everything of a parked event that the log has', () => {
    const { fold } = folded([['a', 'raw']]);
    expect(fold.letters[0]).toMatchObject({
      ...{ _id: 'texts.g1/texts/0/0', view: 'texts@1', topic: 'texts', lane: 0, offset: 0 },
      ...{ timestamp: 7, stack: expect.stringContaining('not JSON') },
    });
    expect(String(fold.letters[0]!.value)).toBe('raw');
    expect(String(fold.letters[0]!.headers.trace)).toBe('t');
  });

  it('finds out, when careful, which event makes a document underivable or too large', () => {
    const records: [string, string][] = [
      ['a', wrote('a', 'one')],
      ['a', wrote('a', ' underivable')],
      ['b', wrote('b', 'x'.repeat(16 * 2 ** 20))],
      ['c', wrote('c', 'fine')],
    ];
    expect(folded(records).documents).toThrow(UnderivableError);
    const { documents, letters } = folded(records, { careful: true });
    expect(documents().map(({ _id }) => _id)).toEqual(['a', 'c']);
    expect(letters).toEqual([
      ['a', "a can't be derived"],
      ['b', expect.stringMatching(/the document would have \d+ bytes/)],
    ]);
  });
});
