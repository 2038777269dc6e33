import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { folded, titleKey } from '#schemas/movies/text-keys.ts';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import type { VoteDocument } from '#schemas/ranking/votes-view.ts';

type Given = Partial<MovieDocument> & { _id: string; title: string };

/** A movie as the projector writes it, from the few facts that a test is about. */
export function movieDocument(given: Given): MovieDocument {
  const facts = {
    ...{ version: 1, retired: false, genres: ['Drama'], description: 'A film.' },
    ...{ director: 'Ann Lee', actors: ['Bo Ek'], year: 2010, runtimeMinutes: 100 },
    ...{ rating: 7, ratingVotes: 1000, revenueMillions: null, metascore: null, addedAt: 0 },
    ...{ imdbId: null, tmdbId: null },
    ...given,
  };
  return {
    ...facts,
    titleKey: titleKey(facts.title),
    genreKeys: facts.genres.map((genre) => genre.toLowerCase()),
    directorKey: folded(facts.director),
    actorKeys: facts.actors.map(folded),
  };
}

export function rankingDocument(
  movie: MovieDocument,
  given: Partial<RankingDocument> = {},
): RankingDocument {
  const { _id, version, title, year, genres, genreKeys, runtimeMinutes } = movie;
  const { rating, ratingVotes, retired } = movie;
  return {
    ...{ _id, genreKeys, listed: !retired, likes: 0, dislikes: 0, likesByDay: null },
    movie: { version, title, year, genres, runtimeMinutes, rating, ratingVotes },
    ...{ weightedRating: rating, score: Math.round(rating * 1e8) / 1e9, trending: null },
    ...given,
  };
}

export const voteDocument = (
  movieId: string,
  userId: string,
  vote: VoteDocument['vote'],
): VoteDocument => ({
  ...{ _id: `${movieId}/${userId}`, movieId, userId, vote, castAt: 0, version: 3 },
});
