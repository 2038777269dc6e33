import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Schemas } from '#client/client.ts';
import { Cover } from '../look/cover.tsx';
import { useTurn } from '../look/turns.ts';
import { VoteButtons } from './film-buttons.tsx';
import css from './film-grid.module.css';

export type Film = Omit<Schemas['ListedMovie'], 'imdbId' | 'tmdbId' | 'retired'>;

const narrowest = 150;
const gap = 20;
const textHeight = 118;

/** Only the rows in sight are drawn, however many films there are. */
export function FilmGrid({ films, onEnd }: { films: readonly Film[]; onEnd: () => void }) {
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
    useFlushSync: false,
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
        <FilmRow
          key={index}
          films={films}
          first={index * columns}
          columns={columns}
          top={start - top}
          height={rowHeight}
        />
      ))}
    </div>
  );
}

type FilmRowProps = {
  films: readonly Film[];
  first: number;
  columns: number;
  top: number;
  height: number;
};

const FilmRow = memo(({ films, first, columns, top, height }: FilmRowProps) => {
  const isDrawn = useTurn();
  return (
    <div
      className={css.row}
      style={{
        height,
        transform: `translateY(${top}px)`,
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
      }}
    >
      {films
        .slice(first, first + columns)
        .map((film) =>
          isDrawn ? (
            <FilmCard key={film.movieId} film={film} />
          ) : (
            <div key={film.movieId} className={css.blank} />
          ),
        )}
    </div>
  );
});

/** It is drawn again if its film changes, not if one scrolls or more films come. */
const FilmCard = memo(({ film }: { film: Film }) => (
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
));
