import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { answerOf } from '#client/client.ts';
import {
  Button,
  Empty,
  Failure,
  Field,
  inputClass,
  Loading,
  Missed,
  MissedRead,
  Page,
} from '../look/parts.tsx';
import { eventsOfTopic, useScreen } from '../shell/screen.ts';
import { api } from '../system/api.ts';
import { type Film, FilmGrid } from './film-grid.tsx';
import { given, isSort, type MoviesSearch, sorts, useGenres } from './filters.ts';
import css from './movies-page.module.css';

type FilmPage = { items: Film[]; next: string | null; count: number };

/** The whole catalogue: filters stand in the address, films come as one scrolls. */
export function MoviesPage() {
  const search = useSearch({ strict: false }) as MoviesSearch;
  useScreen('Films', eventsOfTopic('movies'));
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
  const { data } = films;
  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const count = films.data?.pages[0]?.count;
  return (
    <Page
      title="Films"
      lead={count === undefined ? 'The catalogue' : `${count.toLocaleString('en')} to choose from`}
    >
      <Filters search={search} />
      {films.error && films.data === undefined && (
        <Failure what="the films" error={films.error} again={() => void films.refetch()} />
      )}
      <MissedRead what="the films" asked={films} />
      {films.isPending && <Loading what="the films" rows={3} height="16rem" />}
      {films.data && items.length === 0 && (
        <Empty title="No film is like this">
          <p>Take a filter away, or write a range as 2010-2016, 7.5- or -90.</p>
        </Empty>
      )}
      <FilmGrid
        films={items}
        onEnd={() => {
          // After a failure, a person asks for it.
          const mayGoOn = !films.isFetching && !films.isFetchNextPageError;
          if (films.hasNextPage && mayGoOn) void films.fetchNextPage();
        }}
      />
      {films.isFetchNextPageError && (
        <Failure what="more films" error={films.error} again={() => void films.fetchNextPage()} />
      )}
    </Page>
  );
}

const waitMs = 250;

function Filters({ search }: { search: MoviesSearch }) {
  const navigate = useNavigate();
  const genres = useGenres();
  const set = (changed: Partial<MoviesSearch>) =>
    void navigate({ to: '/movies', search: { ...search, ...changed }, replace: true });
  // On a phone they would fill the screen before the first film.
  const [isMore, setMore] = useState(rarer.some((name) => search[name] !== undefined));
  return (
    <search className={css.filters} data-more={isMore}>
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
      <div className={css.rarer}>
        <Text label="Year" name="year" hint="2010-" search={search} set={set} />
        <Text label="Rating" name="rating" hint="7.5-" search={search} set={set} />
        <Text label="Minutes" name="runtime" hint="-90" search={search} set={set} />
        <Text label="Director" name="director" search={search} set={set} />
        <Text label="Actor" name="actor" search={search} set={set} />
      </div>
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
      <div className={css.more}>
        <Button aria-expanded={isMore} onClick={() => setMore(!isMore)}>
          {isMore ? 'Fewer filters' : 'More filters'}
        </Button>
      </div>
      {Object.values(search).some((value) => value !== undefined) && (
        <Button kind="plain" onClick={() => void navigate({ to: '/movies', search: {} })}>
          Clear
        </Button>
      )}
      {genres.error && (
        <div className={css.whole}>
          <Missed
            what="The genres couldn’t be read"
            error={genres.error}
            again={() => void genres.refetch()}
          />
        </div>
      )}
    </search>
  );
}

const rarer = ['year', 'rating', 'runtime', 'director', 'actor'] as const;

type TextProps = {
  label: string;
  name: 'q' | (typeof rarer)[number];
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
        maxLength={200}
        className={inputClass}
        placeholder={hint}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
    </Field>
  );
}
