import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { answerOf, type Schemas } from '#client/client.ts';
import { Cover } from '../look/cover.tsx';
import { Button, Empty, Failure, Field, inputClass, Loading, Page } from '../look/parts.tsx';
import { useScreen } from '../shell/screen.ts';
import { api } from '../system/api.ts';
import { VoteButtons } from './film-buttons.tsx';
import { given, isSort, type MoviesSearch, sorts, useGenres } from './filters.ts';
import css from './movies-page.module.css';

type Film = Omit<Schemas['ListedMovie'], 'imdbId' | 'tmdbId' | 'retired'>;
type FilmPage = { items: Film[]; next: string | null; count: number };

const narrowest = 150;
const gap = 20;
const textHeight = 118;

/** The whole catalogue: filters stand in the address, films come as one scrolls. */
export function MoviesPage() {
  const search = useSearch({ strict: false }) as MoviesSearch;
  useScreen('Films', 'topic', 'movies');
  const { sort = search.q ? undefined : '-ratingVotes', ...filters } = search;
  const query = given({ ...filters, sort, limit: 60 });
  const films = useInfiniteQuery({
    queryKey: ['movies', query],
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }: FilmPage) => next,
    queryFn: ({ pageParam, signal }): Promise<FilmPage> =>
      answerOf(
        api().queries.GET('/v1/movies', {
          params: { query: { ...query, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
  });
  const items = films.data?.pages.flatMap((page) => page.items) ?? [];
  const count = films.data?.pages[0]?.count;
  return (
    <Page
      title="Films"
      lead={count === undefined ? 'The catalogue' : `${count.toLocaleString('en')} to choose from`}
    >
      <Filters search={search} />
      {films.error && films.data === undefined && (
        <Failure error={films.error} again={() => void films.refetch()} />
      )}
      {films.isPending && <Loading rows={3} height="16rem" />}
      {films.data && items.length === 0 && (
        <Empty title="No film is like this">
          <p>Take a filter away, or write a range as 2010-2016, 7.5- or -90.</p>
        </Empty>
      )}
      <Grid
        films={items}
        onEnd={() => {
          if (films.hasNextPage && !films.isFetching) void films.fetchNextPage();
        }}
      />
      {films.isFetchNextPageError && (
        <Failure error={films.error} again={() => void films.fetchNextPage()} />
      )}
    </Page>
  );
}

/** Only the rows in sight are drawn, however many films there are. */
function Grid({ films, onEnd }: { films: readonly Film[]; onEnd: () => void }) {
  const grid = useRef<HTMLDivElement>(null);
  const [{ width, top }, setPlace] = useState({ width: 1_000, top: 0 });
  useLayoutEffect(() => {
    const element = grid.current;
    if (!element) return;
    const measure = () => setPlace({ width: element.clientWidth, top: element.offsetTop });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  const columns = Math.max(2, Math.floor((width + gap) / (narrowest + gap)));
  const coverWidth = (width - gap * (columns - 1)) / columns;
  const rowHeight = Math.round(coverWidth * 1.5 + textHeight);
  const rows = useWindowVirtualizer({
    count: Math.ceil(films.length / columns),
    estimateSize: () => rowHeight,
    overscan: 2,
    scrollMargin: top,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new height asks for new places.
  useEffect(() => rows.measure(), [rowHeight]);
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (films.length > 0 && (last + 3) * columns >= films.length) onEnd();
  }, [last, columns, films.length, onEnd]);
  return (
    <div ref={grid} className={css.grid} style={{ height: rows.getTotalSize() }}>
      {shown.map(({ index, start }) => (
        <div
          key={index}
          className={css.row}
          style={{
            transform: `translateY(${start - top}px)`,
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
          }}
        >
          {films.slice(index * columns, (index + 1) * columns).map((film) => (
            <FilmCard key={film.movieId} film={film} />
          ))}
        </div>
      ))}
    </div>
  );
}

const FilmCard = ({ film }: { film: Film }) => (
  <article className={css.film}>
    <Link to="/movies/$movieId" params={{ movieId: film.movieId }}>
      <Cover {...film} />
      <strong>{film.title}</strong>
    </Link>
    <small>
      {film.year} · {film.rating.toFixed(1)}
    </small>
    <VoteButtons movie={film} size="s" />
  </article>
);

const waitMs = 250;

function Filters({ search }: { search: MoviesSearch }) {
  const navigate = useNavigate();
  const genres = useGenres();
  const set = (changed: Partial<MoviesSearch>) =>
    void navigate({ to: '/movies', search: { ...search, ...changed }, replace: true });
  return (
    <search className={css.filters}>
      <Text label="Title, person or word" name="q" search={search} set={set} />
      <Field label="Genre">
        <select
          className={inputClass}
          value={search.genre ?? ''}
          onChange={({ target }) => set({ genre: target.value || undefined })}
        >
          <option value="">All</option>
          {genres.data?.items.map(({ genre, movies }) => (
            <option key={genre} value={genre}>
              {genre} ({movies})
            </option>
          ))}
        </select>
      </Field>
      <Text label="Year" name="year" hint="2010-2016" search={search} set={set} />
      <Text label="Rating" name="rating" hint="7.5-" search={search} set={set} />
      <Text label="Minutes" name="runtime" hint="-90" search={search} set={set} />
      <Text label="Director" name="director" search={search} set={set} />
      <Field label="Sorted by">
        <select
          className={inputClass}
          value={search.sort ?? '-ratingVotes'}
          onChange={({ target }) => {
            if (isSort(target.value)) set({ sort: target.value });
          }}
        >
          {Object.entries(sorts).map(([sort, label]) => (
            <option key={sort} value={sort}>
              {label}
            </option>
          ))}
        </select>
      </Field>
      {Object.values(search).some((value) => value !== undefined) && (
        <Button kind="plain" onClick={() => void navigate({ to: '/movies', search: {} })}>
          Clear
        </Button>
      )}
    </search>
  );
}

type TextProps = {
  label: string;
  name: 'q' | 'year' | 'rating' | 'runtime' | 'director';
  hint?: string;
  search: MoviesSearch;
  set: (changed: Partial<MoviesSearch>) => void;
};

/** It filters as one types, once the fingers rest. */
function Text({ label, name, hint, search, set }: TextProps) {
  const current = search[name] ?? '';
  const [text, setText] = useState(current);
  useEffect(() => setText(current), [current]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed filters.
  useEffect(() => {
    if (text === current) return;
    const timer = setTimeout(() => set({ [name]: text.trim() || undefined }), waitMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <Field label={label}>
      <input
        type={name === 'q' ? 'search' : 'text'}
        className={inputClass}
        placeholder={hint}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
    </Field>
  );
}
