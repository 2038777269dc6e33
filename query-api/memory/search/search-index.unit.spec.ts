import { page } from '@event-sourced/kernel/page';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { catalogueCsv, moviesOf } from '#tests/catalogue.ts';
import { movieDocument } from '#tests/movie-documents.ts';
import { hitOrder } from './hits.ts';
import { SearchIndex } from './search-index.ts';
import { placeOf } from './search-rank.ts';

const indexOf = (movies: readonly MovieDocument[]): SearchIndex => {
  const index = new SearchIndex();
  for (const movie of movies) index.put(movie);
  return index;
};
const found = (index: SearchIndex, text: string) => index.find(text).first(1_000_000);
const shown = (index: SearchIndex, text: string) =>
  found(index, text).map(({ movie, rank }) => `${movie.title} (${movie.year}) ${placeOf(rank)}`);

describe.each([
  ['the catalogue', catalogueCsv],
  ['the public dataset', process.env.IMDB_CSV],
])('in %s', (_, path) => {
  let movies: MovieDocument[] = [];
  let index = new SearchIndex();
  beforeAll(async () => {
    movies = path ? await moviesOf(path) : [];
    index = indexOf(movies);
  });
  const it_ = it.runIf(path);
  const titles = (text: string) => found(index, text).map(({ movie }) => movie.title);

  it_('every title finds itself in the first five, and first with its year', () => {
    expect(movies).toHaveLength(1_000);
    const lost = movies.flatMap(({ _id, title, year }) => {
      const ids = (text: string) => found(index, text).map(({ movie }) => movie._id);
      const isFound = [title, title.toLowerCase(), title.toUpperCase()].every((text) =>
        ids(text).slice(0, 5).includes(_id),
      );
      return isFound && ids(`${title} (${year})`)[0] === _id ? [] : [title];
    });
    expect(lost).toEqual([]);
  });

  it_('every title is found without its last letter, and without its spaces', () => {
    const lost = movies.filter(({ title }) => {
      const begun = title.slice(0, -1).trim();
      return !titles(begun || title).includes(title) || !titles(title.replace(/\s/g, '')).length;
    });
    expect(lost.map(({ title }) => title)).toEqual([]);
  });

  it_('every director and actor finds the movies they are in', () => {
    const lost = movies.flatMap(({ _id, director, actors }) =>
      [director, ...actors].filter(
        (name) => !found(index, name).some(({ movie }) => movie._id === _id),
      ),
    );
    expect(lost).toEqual([]);
  });

  it_.each([
    ['wall-e', 'WALL·E'],
    ['walle', 'WALL·E'],
    ['wall e', 'WALL·E'],
    ['WALL·E', 'WALL·E'],
    ['miserables', 'Les Misérables'],
    ['Les Miserables', 'Les Misérables'],
    ['up', 'Up'],
    ['dark knight', 'The Dark Knight'],
    ['dark knigt', 'The Dark Knight'],
    ['avengrs', 'The Avengers'],
    ['avnegers', 'The Avengers'],
    ['inter', 'Interstellar'],
    ['star wa', 'Star Wars: Episode VII - The Force Awakens'],
    ['300', '300'],
    ['2012', '2012'],
    ['42', '42'],
    ['her', 'Her'],
    ['what if', 'What If'],
    ['me before you', 'Me Before You'],
    ['do-over', 'The Do-Over'],
    ['the do over', 'The Do-Over'],
    ['why him?', 'Why Him?'],
    ['why him', 'Why Him?'],
    ['ironman', 'Iron Man'],
    ['fast and furious', 'Fast & Furious'],
    ['odyssee', "L'odyssée"],
    ['christopher nolan', 'The Dark Knight'],
    ['nolan inception', 'Inception'],
    ['micheal caine', 'The Dark Knight'],
  ])('%j finds %j first', (text, title) => {
    expect(titles(text)[0]).toBe(title);
  });

  it_('a year picks one of several movies with the same title', () => {
    const years = (text: string) => found(index, text).map(({ movie }) => movie.year);
    expect(years('The Host').slice(0, 2).toSorted()).toEqual([2006, 2013]);
    for (const text of ['The Host (2006)', 'the host 2006', 'host 2006']) {
      expect(years(text)[0], text).toBe(2006);
    }
    expect(years('The Host (2013)')[0]).toBe(2013);
  });

  it_('words that no movie has find nothing', () => {
    for (const text of ['zzzz', 'qwertyuiop', '!!!', '☃', 'the zzzz']) {
      expect(titles(text), text).toEqual([]);
    }
  });

  it_('any text is answered quickly, in a total order without repetitions', async () => {
    const typed = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fc.constantFrom('the', 'a', 'e', 'man', 'of', '-', '&', 'constructor', '__proto__')),
    );
    await fc.assert(
      fc.asyncProperty(typed, async (any) => {
        const all = index.find(typeof any === 'string' ? any : any.join(' '));
        const hits = all.first(50);
        expect(new Set(hits.map(({ movie }) => movie._id)).size).toBe(hits.length);
        const pageOfHits = (limit: number, cursor?: string | null) =>
          page(all, {
            ...{ list: ['hits'], order: hitOrder, limit, ...(cursor && { cursor }) },
            items: (shown) => shown,
          });
        for (const at of hits.keys()) {
          const { next } = await pageOfHits(at + 1);
          const rest = next ? (await pageOfHits(50, next)).items : [];
          expect(rest.slice(0, hits.length - at - 1)).toEqual(hits.slice(at + 1));
        }
      }),
    );
  });
});

describe('the order', () => {
  const movie = (given: Parameters<typeof movieDocument>[0]) =>
    movieDocument({ description: 'Of nothing.', ...given });
  const index = indexOf([
    movie({ _id: 'm1', title: 'Other', description: 'About a hunter.', ratingVotes: 9_000_000 }),
    movie({ _id: 'm2', title: 'Another', actors: ['Holly Hunter'], ratingVotes: 800_000 }),
    movie({ _id: 'm3', title: 'Third', director: 'Ann Hunterton', ratingVotes: 900_000 }),
    movie({ _id: 'm4', title: 'Hunters of Rome', ratingVotes: 70_000 }),
    movie({ _id: 'm5', title: 'The Night Hunter', ratingVotes: 600 }),
    movie({ _id: 'm6', title: 'Hunter of the Deep', ratingVotes: 700 }),
    movie({ _id: 'm7', title: 'The Hunter', ratingVotes: 5 }),
    movie({ _id: 'm8', title: 'Huntr', ratingVotes: 4, year: 1999 }),
  ]);

  it('is title before people before description, then popularity', () => {
    expect(shown(index, 'hunter')).toEqual([
      'The Hunter (2010) title',
      'Hunter of the Deep (2010) title',
      'The Night Hunter (2010) title',
      'Hunters of Rome (2010) title',
      'Another (2010) people',
      'Third (2010) people',
      'Other (2010) description',
    ]);
  });

  it('has typos only if no movie has the words as typed', () => {
    expect(shown(index, 'huntre')[0]).toBe('Hunter of the Deep (2010) title');
    expect(shown(index, 'huntr')).toEqual(['Huntr (1999) title']);
  });

  it('goes by the weakest of several words', () => {
    expect(shown(index, 'holly another')).toEqual(['Another (2010) people']);
    expect(shown(index, 'holly 1999')).toEqual([]);
    expect(shown(index, '1999')).toEqual(['Huntr (1999) description']);
  });
});

describe('a title is found by its parts and other spellings, as people type them', () => {
  const titles = [
    ...['千と千尋の神隠し', '神々の山嶺', 'ラーメン娘', '霸王别姬', '살인의 추억', '기생충'],
    ...['เกมส์ล่าเกม', 'ドラえもん3', 'Iron Man 3', 'Iron Man Two', 'Rocky Ⅱ', 'Rocky V'],
    ...['Se7en', 'Seven Pounds', 'π', 'Dr. Strangelove', 'Doctor Strange', 'V for Vendetta'],
    ...['Fast & Furious', 'Kramer vs. Kramer', 'Batman v Superman', 'St. Vincent', 'I, Robot'],
    ...['Mr. Nobody', 'Guardians Vol. 2', 'Alien³', '8½', 'Dune: Part Two', 'X-Men', 'Malcolm X'],
  ];
  const index = indexOf(
    titles.map((title, at) => movieDocument({ _id: `m${at}`, title, description: 'Of nothing.' })),
  );
  it.each([
    ['神隠し', '千と千尋の神隠し'],
    ['千尋', '千と千尋の神隠し'],
    ['し', '千と千尋の神隠し'],
    ['隠し 千尋', '千と千尋の神隠し'],
    ['らーめん', 'ラーメン娘'],
    ['ﾗｰﾒﾝ', 'ラーメン娘'],
    ['王别', '霸王别姬'],
    ['姬', '霸王别姬'],
    ['살인의추억', '살인의 추억'],
    ['살인 의추', '살인의 추억'],
    ['생충', '기생충'],
    ['기새', '기생충'],
    ['เกมส์', 'เกมส์ล่าเกม'],
    ['ล่า', 'เกมส์ล่าเกม'],
    ['どらえもん 3', 'ドラえもん3'],
    ['えもん', 'ドラえもん3'],
    ['iron man iii', 'Iron Man 3'],
    ['iron man three', 'Iron Man 3'],
    ['ironman3', 'Iron Man 3'],
    ['iron man 2', 'Iron Man Two'],
    ['Iron Man Ⅱ', 'Iron Man Two'],
    ['rocky 2', 'Rocky Ⅱ'],
    ['rocky ii', 'Rocky Ⅱ'],
    ['rocky two', 'Rocky Ⅱ'],
    ['rocky 5', 'Rocky V'],
    ['seven', 'Se7en'],
    ['7', 'Se7en'],
    ['7 pounds', 'Seven Pounds'],
    ['pi', 'π'],
    ['Π', 'π'],
    ['doctor strangelove', 'Dr. Strangelove'],
    ['dr strange', 'Doctor Strange'],
    ['v vendetta', 'V for Vendetta'],
    ['fast and furious', 'Fast & Furious'],
    ['kramer versus kramer', 'Kramer vs. Kramer'],
    ['kramer v kramer', 'Kramer vs. Kramer'],
    ['batman vs superman', 'Batman v Superman'],
    ['saint vincent', 'St. Vincent'],
    ['i robot', 'I, Robot'],
    ['mister nobody', 'Mr. Nobody'],
    ['guardians volume 2', 'Guardians Vol. 2'],
    ['alien 3', 'Alien³'],
    ['alien3', 'Alien³'],
    ['8 1/2', '8½'],
    ['dune part 2', 'Dune: Part Two'],
    ['dune pt ii', 'Dune: Part Two'],
    ['x men', 'X-Men'],
    ['malcolm x', 'Malcolm X'],
  ])('%j finds %j first', (text, title) => {
    expect(found(index, text)[0]?.movie.title).toBe(title);
  });

  it.each([
    ['千隠', 'letters that don’t stand together'],
    ['神隠ぬ', 'a piece that no title has'],
    ['5 for vendetta', 'a letter that is no numeral'],
    ['10 men', 'a letter that is no numeral'],
    ['1 robot', 'a letter that is no numeral'],
  ])('%j finds nothing: %s', (text) => {
    expect(found(index, text)).toEqual([]);
  });
});

describe('a movie', () => {
  const given = { _id: 'm1', title: 'First Title', director: 'Ann Lee' };
  const foundIds = (index: SearchIndex, text: string) =>
    found(index, text).map(({ movie }) => movie._id);

  it('that has changed is found by its new text only', () => {
    const index = indexOf([movieDocument(given), movieDocument({ ...given, title: 'Second' })]);
    expect(foundIds(index, 'second')).toEqual(['m1']);
    for (const text of ['first title', 'firsttitle', 'first', 'first title 2010']) {
      expect(foundIds(index, text)).toEqual([]);
    }
    expect(foundIds(index, 'ann lee')).toEqual(['m1']);
  });

  it('that is retired or removed is not found', () => {
    const index = indexOf([movieDocument(given), movieDocument({ ...given, retired: true })]);
    expect(foundIds(index, 'first title')).toEqual([]);
    index.put(movieDocument(given));
    expect(foundIds(index, 'first title')).toEqual(['m1']);
    index.remove('m1');
    index.remove('m1');
    index.remove('m2');
    expect(foundIds(index, 'first title')).toEqual([]);
    expect(foundIds(index, 'lee')).toEqual([]);
  });

  it('whose name is only punctuation is found by this name', () => {
    const index = indexOf([movieDocument({ _id: 'm1', title: '???' })]);
    expect(foundIds(index, '???')).toEqual(['m1']);
    expect(foundIds(index, '!')).toEqual([]);
  });

  it('is the same after any history of changes as when it is put once', () => {
    const title = fc.array(fc.constantFrom('red', 'reds', 'blue', 'the'), { minLength: 1 });
    const change = fc.record({ id: fc.constantFrom('m1', 'm2', 'm3'), title, gone: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const documents = changes.map(({ id, title, gone }) =>
          movieDocument({ _id: id, title: title.join(' '), retired: gone }),
        );
        const index = indexOf(documents);
        const fresh = indexOf([...new Map(documents.map((one) => [one._id, one])).values()]);
        for (const text of ['red', 'blue', 'the', 'the red', 'redss', 'blue red', 'lee']) {
          expect(found(index, text)).toEqual(found(fresh, text));
        }
      }),
    );
  });
});
