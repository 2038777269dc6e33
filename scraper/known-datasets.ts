/** Datasets about films that lack what a catalogue needs, by columns that no other file has. */
const datasets: readonly { name: string; columns: readonly string[] }[] = [
  {
    name: 'the movies of TMDB, such as “TMDB 5000”',
    columns: ['budget', 'genres', 'production_companies', 'vote_average'],
  },
  {
    name: 'the credits of TMDB, such as “TMDB 5000”',
    columns: ['movie_id', 'title', 'cast', 'crew'],
  },
  { name: 'the movies of MovieLens', columns: ['movieId', 'title', 'genres'] },
  { name: 'the ratings of MovieLens', columns: ['userId', 'movieId', 'rating', 'timestamp'] },
  { name: 'the tags of MovieLens', columns: ['userId', 'movieId', 'tag', 'timestamp'] },
  { name: 'the links of MovieLens', columns: ['movieId', 'imdbId', 'tmdbId'] },
  { name: 'IMDb’s title.basics', columns: ['tconst', 'titleType', 'primaryTitle'] },
  { name: 'IMDb’s title.ratings', columns: ['tconst', 'averageRating', 'numVotes'] },
  { name: 'IMDb’s title.crew', columns: ['tconst', 'directors', 'writers'] },
  { name: 'IMDb’s title.principals', columns: ['tconst', 'ordering', 'nconst'] },
  { name: 'IMDb’s name.basics', columns: ['nconst', 'primaryName'] },
  { name: 'Kaggle’s “Netflix titles”', columns: ['show_id', 'type', 'listed_in', 'date_added'] },
  { name: 'Kaggle’s “IMDB 5000”', columns: ['movie_title', 'movie_imdb_link', 'actor_1_name'] },
  { name: 'Kaggle’s “IMDB Top 1000”', columns: ['Poster_Link', 'Series_Title', 'Star1'] },
];

/** The name of the dataset that has these columns, if it is known. */
export function knownDataset(names: readonly string[]): string | null {
  const has = new Set(names.map((name) => name.trim()));
  return datasets.find(({ columns }) => columns.every((name) => has.has(name)))?.name ?? null;
}
