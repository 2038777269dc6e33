import { describe, expect, it } from 'vitest';
import { movieDocument } from '#tests/movie-documents.ts';
import { SearchIndex } from './search-index.ts';

const size = 2_000;
const spelt = (number: number) =>
  number.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[+digit]!);
const movieAt = (number: number) =>
  movieDocument({
    _id: `m${number}`,
    title: `The ${spelt(number * 7_919)} of ${spelt(number * 104_729)}`,
    director: `${spelt(number * 6_007)} Andersson`,
    actors: [`${spelt(number * 3_001)} Marlowe`, `${spelt(number * 9_001)} Inoue`],
    description: 'The man in the house who has a lot of the things that all of us want.',
  });

const index = new SearchIndex();
for (let number = 0; number < size; number += 1) index.put(movieAt(number));
const looks = (text: string) => index.find(text).looks;

describe('a search looks at', () => {
  it.each([
    ['one letter', 'a'],
    ['the commonest words', 'the man in house who has a lot of things that all us want'],
    ['beginnings', 'and-mar-ino-the-and-mar-ino-the-and-mar-ino-the'],
    ['typos', 'tha mann inn hause whoo hass lott off thingss thatt alll uss wantt andersonn'],
  ])('each movie once for each word and place at most: %s', (_, text) => {
    expect(looks(text)).toBeLessThan(3 * text.split(/[ -]/).length * size);
  });

  it('no words that only begin with one or two letters, except for the last', () => {
    expect(looks('m inoue')).toBeLessThan(100);
    expect(looks('ma-inoue')).toBeLessThan(100);
    expect(looks('mar-inoue')).toBeGreaterThan(size);
    expect(looks('m')).toBeGreaterThan(size);
  });

  it('no further words once no movie has all before', () => {
    expect(looks('zz0z the man in the house')).toBeLessThan(100);
    expect(looks('zz0z-the-man-in-the-house')).toBeLessThan(100);
  });

  it('first a word that no movie has, wherever it stands', () => {
    expect(looks('the man in the house zz0z')).toBeLessThan(100);
    expect(looks('the man in the house of zz-man0')).toBeLessThan(100);
  });

  it('words that may be meant for 8 mistyped ones at most', () => {
    const mistyped = (count: number) =>
      Array.from({ length: count }, (_, at) => `andersso${'abcdefghijklmopqrstu'[at]}`).join(' ');
    const ofEight = looks(mistyped(8));
    expect(ofEight).toBeGreaterThan(8 * size);
    expect(looks(`${mistyped(8)} ${mistyped(20)}`)).toBeLessThanOrEqual(ofEight + 100);
  });

  it('the six rarest pieces of a part in a script without spaces', () => {
    const kana = 'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめも';
    const index = new SearchIndex();
    for (let number = 0; number < size; number += 1) {
      const title = `${kana}${number}`;
      index.put(movieDocument({ _id: `m${number}`, title, description: kana }));
    }
    // In titles and in descriptions.
    expect(index.find(kana.slice(1)).looks).toBeLessThan(2 * 6 * size + 100);
    expect(index.find(`${kana.slice(1)}ん`).looks).toBeLessThan(100);
    expect(index.find('か').looks).toBeLessThan(3 * size);
  });

  it('nothing for the next page, until a movie changes', () => {
    const hits = index.find('the man');
    expect(index.find(' The MAN ')).toBe(hits);
    index.put({ ...movieAt(1), ratingVotes: 5_000 });
    expect(index.find('the man')).not.toBe(hits);
    expect(index.find('the man').first(1)[0]!.movie._id).toBe('m1');
  });
});
