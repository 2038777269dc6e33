import type { Millis } from '@event-sourced/kernel/event';
import { projection } from '@event-sourced/kernel/projection';
import type {
  MovieAdded,
  MovieDetailsChanged,
  MoviesEvent,
  RankingEvent,
  VoteCast,
  VoteRetracted,
} from '#schemas/generated/events.ts';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { views } from '#schemas/views.ts';
import { withLike, withoutLike } from './likes-by-day.ts';
import { likeScore, trendingScore, weightedRating } from './scores.ts';

/** Votes may come before their movie: topics aren't ordered against each other. */
const unknown = (movieId: string): RankingDocument => ({
  _id: movieId,
  movie: null,
  listed: false,
  genreKeys: [],
  likes: 0,
  dislikes: 0,
  likesByDay: null,
  weightedRating: 0,
  score: 0,
  trending: null,
});

const withMovie = (
  ranking: RankingDocument | null,
  data: MovieAdded | MovieDetailsChanged,
  version: number,
): RankingDocument => ({
  ...(ranking ?? unknown(data.movieId)),
  listed: ranking?.movie ? ranking.listed : true,
  genreKeys: data.genres.map((genre) => genre.toLowerCase()),
  movie: {
    version,
    title: data.title,
    year: data.year,
    genres: data.genres,
    runtimeMinutes: data.runtimeMinutes,
    rating: data.rating,
    ratingVotes: data.ratingVotes,
  },
});

type Vote = 'none' | 'like' | 'dislike';

/** Counts a ballot that was `was`, cast at `wasAt`, and is now `is`. No spread: runs per vote. */
function counted(
  before: RankingDocument | null,
  { movieId, previous: was, previousCastAt: wasAt }: VoteCast | VoteRetracted,
  is: Vote,
  isAt: Millis,
): RankingDocument {
  const ranking = before ?? unknown(movieId);
  let { likesByDay } = ranking;
  if (was === 'like' && wasAt !== null) likesByDay = withoutLike(likesByDay, wasAt);
  if (is === 'like') likesByDay = withLike(likesByDay, isAt);
  return {
    _id: ranking._id,
    movie: ranking.movie,
    listed: ranking.listed,
    genreKeys: ranking.genreKeys,
    likes: ranking.likes - (was === 'like' ? 1 : 0) + (is === 'like' ? 1 : 0),
    dislikes: ranking.dislikes - (was === 'dislike' ? 1 : 0) + (is === 'dislike' ? 1 : 0),
    likesByDay,
    weightedRating: ranking.weightedRating,
    score: ranking.score,
    trending: ranking.trending,
  };
}

/** Each movie's place in the three orders, from the catalogue and the votes alone. */
export const rankings = projection<MoviesEvent | RankingEvent>()({
  view: views.rankings,
  id: (event) => event.data.movieId,
  when: {
    MovieAdded: (ranking, { data, sequence }) => withMovie(ranking, data, sequence),
    MovieDetailsChanged: (ranking, { data, sequence }) => withMovie(ranking, data, sequence),
    MovieRetired: (ranking, { data, sequence }) => {
      if (!ranking?.movie) throw new Error(`${data.movieId} was never added`);
      const movie = { ...ranking.movie, version: sequence };
      return { ...ranking, movie, listed: false };
    },
    VoteCast: (ranking, { data }) => counted(ranking, data, data.vote, data.castAt),
    VoteRetracted: (ranking, { data }) => counted(ranking, data, 'none', data.retractedAt),
  },
  derive: (ranking) => {
    const { movie, likes, dislikes, likesByDay } = ranking;
    const weighted = weightedRating(movie?.rating ?? 0, movie?.ratingVotes ?? 0);
    return {
      ...ranking,
      weightedRating: weighted,
      score: likeScore(weighted, likes, dislikes),
      trending:
        likesByDay && trendingScore(likesByDay.newest, [likesByDay.likes, ...likesByDay.earlier]),
    };
  },
});
