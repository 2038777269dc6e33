import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useLayoutEffect, useRef } from 'react';
import { answerOf, type Schemas } from '#client/client.ts';
import { Cover } from '../look/cover.tsx';
import { Button, Empty, Loading, Missed, Page, Shown } from '../look/parts.tsx';
import { eventsOfTopic, useScreen } from '../shell/screen.ts';
import { api } from '../system/api.ts';
import { useLive } from '../system/live.ts';
import { Crowd } from './crowd.tsx';
import { VoteButtons } from './film-buttons.tsx';
import { FilmSpotlight } from './film-spotlight.tsx';
import { given, type RankingOrder, type RankingsSearch, useGenres } from './filters.ts';
import css from './rankings-page.module.css';

type Ranked = Schemas['RankedMovie'];

const orders: Record<RankingOrder, string> = {
  score: 'Best liked',
  likes: 'Most likes',
  trending: 'Trending',
};

/** The first page: a film to vote on, and the ranking that moves as people vote. */
export function RankingsPage() {
  const { genre, by = 'score' } = useSearch({ strict: false }) as RankingsSearch;
  useScreen(genre ? `${genre} films, ranked` : 'Films, ranked', eventsOfTopic('ranking'));
  const query = given({ genre, by, limit: 24 });
  const key = ['rankings', genre ?? null, by];
  const ranking = useQuery({
    queryKey: key,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      answerOf(api().queries.GET('/v1/rankings', { params: { query }, signal })),
  });
  useLive(key, ['rankings', 'movies', 'votes']);
  return (
    <Page
      title={genre ? `${genre}, ranked` : 'What everyone likes'}
      lead="Vote, and watch it travel: from your button to the log, to the ranking, to this screen."
      tools={<Crowd films={ranking.data?.items ?? []} />}
    >
      <Genres chosen={genre} by={by} />
      <Shown
        what="the ranking"
        asked={ranking}
        loading={<Loading what="the ranking" rows={8} height="4rem" />}
      >
        {({ items, count }) =>
          items[0] ? (
            <div className={css.columns}>
              <FilmSpotlight key={items[0].movieId} movie={items[0]} />
              <section aria-label="Ranking">
                <Orders by={by} genre={genre} count={count} />
                <Ranking items={items} />
              </section>
            </div>
          ) : (
            <Empty title={genre ? `No film is of the genre ${genre}` : 'No film here yet'}>
              {genre ? (
                <p>
                  <Link to="/">To all films</Link>
                </p>
              ) : (
                <p>Import some: npm run scrape -- FILE.csv</p>
              )}
            </Empty>
          )
        }
      </Shown>
    </Page>
  );
}

function Genres({ chosen, by }: { chosen: string | undefined; by: RankingOrder }) {
  const genres = useGenres();
  const names = genres.data?.items.toSorted((a, b) => b.movies - a.movies) ?? [];
  if (genres.error) {
    const again = () => void genres.refetch();
    return <Missed what="The genres couldn’t be read" error={genres.error} again={again} />;
  }
  if (genres.isPending) return <Loading what="the genres" rows={1} height="2rem" />;
  return (
    <nav className={css.genres} aria-label="Genres">
      <Link to="/" search={{ by }} aria-current={chosen ? undefined : 'true'}>
        All
      </Link>
      {names.map(({ genre, movies }) => (
        <Link
          key={genre}
          to="/"
          search={{ genre, by }}
          aria-current={chosen === genre ? 'true' : undefined}
        >
          {genre} <small>{movies}</small>
        </Link>
      ))}
    </nav>
  );
}

type OrdersProps = { by: RankingOrder; genre: string | undefined; count: number };

function Orders({ by, genre, count }: OrdersProps) {
  const navigate = useNavigate();
  return (
    <div className={css.orders}>
      <fieldset>
        <legend className="visually-hidden">Order</legend>
        {(Object.keys(orders) as RankingOrder[]).map((order) => (
          <Button
            key={order}
            size="s"
            aria-pressed={order === by}
            onClick={() => void navigate({ to: '/', search: { genre, by: order } })}
          >
            {orders[order]}
          </Button>
        ))}
      </fieldset>
      <p>
        {count.toLocaleString('en')} films
        {by === 'score' && ' by votes and rating, which counts as much as 50 votes'}
      </p>
    </div>
  );
}

function Ranking({ items }: { items: readonly Ranked[] }) {
  const list = useRef<HTMLOListElement>(null);
  useMoves(list, items);
  return (
    <ol className={css.ranking} ref={list}>
      {items.map((movie) => (
        <li key={movie.movieId} data-id={movie.movieId}>
          <span className={css.rank}>{movie.rank}</span>
          <Link to="/movies/$movieId" params={{ movieId: movie.movieId }} className={css.film}>
            <span className={css.thumb}>
              <Cover {...movie} />
            </span>
            <span>
              <strong>{movie.title}</strong>
              <small>
                {movie.year} · {movie.genres.join(', ')}
              </small>
            </span>
          </Link>
          <VoteButtons movie={movie} size="s" />
        </li>
      ))}
    </ol>
  );
}

/** A film that changes its place slides there: only what moved moves. */
function useMoves(list: React.RefObject<HTMLOListElement | null>, items: readonly Ranked[]): void {
  const places = useRef(new Map<string, number>());
  // biome-ignore lint/correctness/useExhaustiveDependencies: places change with the items.
  useLayoutEffect(() => {
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const before = places.current;
    const now = new Map<string, number>();
    for (const row of list.current?.children ?? []) {
      if (!(row instanceof HTMLElement)) continue;
      const id = row.dataset.id ?? '';
      now.set(id, row.offsetTop);
      const moved = (before.get(id) ?? row.offsetTop) - row.offsetTop;
      if (moved === 0 || calm) continue;
      const frames = [{ transform: `translateY(${moved}px)` }, { transform: 'none' }];
      row.animate(frames, { duration: 420, easing: 'cubic-bezier(.2, .8, .2, 1)' });
      if (moved > 0) row.animate([{ background: 'var(--good-soft)' }, {}], { duration: 1_600 });
    }
    places.current = now;
  }, [items]);
}
