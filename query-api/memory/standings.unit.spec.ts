import fc from 'fast-check';
import { expect, it } from 'vitest';
import { movieDocument, rankingDocument } from '#tests/movie-documents.ts';
import { comparePlaces, orders, type Place, placed, type RankingOrder } from './ranking-order.ts';
import { type Standing, Standings } from './standings.ts';

const names = ['Drama', 'War', 'Music'];

/** A movie as some event left it: votes move it, a new version may change its genres. */
const change = fc.record({
  number: fc.nat(12),
  version: fc.nat(2),
  listed: fc.boolean(),
  genres: fc.subarray(names, { minLength: 1 }),
  score: fc.nat(3),
  likes: fc.nat(3),
  trending: fc.option(fc.nat(3)),
});

type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;

function standingOf({ number, version, genres, ...numbers }: Change): Standing {
  const movie = movieDocument({ _id: `m${number}`, title: 'Up', version, genres });
  return rankingDocument(movie, { ...numbers, weightedRating: version });
}

const groups = fc.array(fc.subarray(['drama', 'war', 'music', 'western'], { minLength: 1 }), {
  maxLength: 2,
});

/** The listed movies of these genres, sorted anew. */
function sorted(all: Iterable<Standing>, genre: string[][], by: RankingOrder): Standing[] {
  const isOf = ({ genreKeys }: Standing) =>
    genre.every((anyOf) => anyOf.some((key) => genreKeys.includes(key)));
  return [...all]
    .filter((one) => one.listed && isOf(one))
    .sort((one, other) => comparePlaces(by, one, other));
}

it('ranks movies as sorting all of them would, after any changes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 60 }),
      groups,
      fc.constantFrom(...orders),
      fc.nat(4),
      async (changes, genre, by, skipped) => {
        const standings = new Standings();
        const all = new Map<string, Standing>();
        for (const one of changes.map(standingOf)) {
          // A version has the same genres for ever, as a movie has.
          const version = `${one._id} ${one.movie?.version}`;
          const known = [...all.values()].find(
            ({ _id, movie }) => `${_id} ${movie?.version}` === version,
          );
          const { genreKeys, movie } = known ?? one;
          const standing = { ...one, genreKeys, movie };
          all.set(one._id, standing);
          standings.put(standing);
        }
        const expected = sorted(all.values(), genre, by);
        const list = standings.list(genre, by);
        expect(await list.count()).toBe(expected.length);
        const last = expected[skipped - 1];
        const after: Place | null = last ? [last[by], last.weightedRating, last._id] : null;
        const found = await list.read(after, 3);
        const from = last ? skipped : 0;
        expect(found.map(({ _id, rank }) => [rank, _id])).toEqual(
          expected.slice(from, from + 3).map(({ _id }, at) => [from + at + 1, _id]),
        );
        for (const { _id } of all.values()) {
          const own = standings.ranks(_id).find((one) => one.genre === null && one.by === by);
          const place = sorted(all.values(), [], by).findIndex((one) => one._id === _id);
          expect(own?.rank ?? 0).toBe(place + 1);
        }
        expect(last && placed(by, after!)._id).toBe(last?._id);
      },
    ),
  );
});
