import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answerOf, type Schemas } from '#client/client.ts';
import { Cover } from '../look/cover.tsx';
import { Missed, Row } from '../look/parts.tsx';
import { api } from '../system/api.ts';
import type { ListedMovie } from '../system/effects.ts';
import { Progress, VoteButtons, WatchedButton } from './film-buttons.tsx';
import css from './film-spotlight.module.css';

export const useMovie = (movieId: string) =>
  useQuery({
    queryKey: ['movie', movieId],
    queryFn: ({ signal }): Promise<Schemas['Movie']> =>
      answerOf(
        api().queries.GET('/v1/movies/{movieId}', { params: { path: { movieId } }, signal }),
      ),
  });

/** The first film of a ranking, large, with all that one can do about it at once. */
export function FilmSpotlight({ movie }: { movie: ListedMovie }) {
  const { data, error, refetch } = useMovie(movie.movieId);
  const { movieId, title, year, runtimeMinutes } = movie;
  return (
    <article className={css.spotlight}>
      <Link to="/movies/$movieId" params={{ movieId }} tabIndex={-1} aria-hidden="true">
        <Cover {...movie} />
      </Link>
      <div className={css.text}>
        <h2>
          <Link to="/movies/$movieId" params={{ movieId }}>
            {title}
          </Link>
        </h2>
        <p className={css.facts}>
          {year} · {runtimeMinutes} min{data && ` · ${data.director}`}
        </p>
        <Row>
          <VoteButtons movie={movie} />
          <WatchedButton movie={movie} />
        </Row>
        <div className={css.progress}>
          <Progress movieId={movieId} />
        </div>
        {error && (
          <Missed what="More of it couldn’t be read" error={error} again={() => void refetch()} />
        )}
        <p className={css.description}>{data?.description}</p>
      </div>
    </article>
  );
}
