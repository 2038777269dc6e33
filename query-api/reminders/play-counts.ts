import { type Millis, momentOf } from '@event-sourced/kernel/event';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';

type Count = { plays: number; minutes: number };

type Play = {
  movieId: string;
  /** When it was watched. */
  at: Millis;
  movie: Pick<MovieDocument, 'genres' | 'genreKeys' | 'runtimeMinutes'> | undefined;
};

const most = { years: 100, months: 120 };

/** Counts plays and minutes, in all and by year, month and genre. */
export class PlayCounts {
  readonly #all: Count = { plays: 0, minutes: 0 };
  readonly #movies = new Set<string>();
  /** By `2026-11`. */
  readonly #months = new Map<string, Count>();
  readonly #years = new Map<number, Count>();
  readonly #genres = new Map<string, Count & { genre: string }>();
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  add({ movieId, at, movie }: Play): void {
    const minutes = movie?.runtimeMinutes ?? 0;
    const month = momentOf(at).slice(0, 7);
    this.#movies.add(movieId);
    this.#first = Math.min(this.#first, at);
    this.#last = Math.max(this.#last, at);
    const none = () => ({ plays: 0, minutes: 0 });
    const counts: Count[] = [
      this.#all,
      one(this.#months, month, none),
      one(this.#years, Number(month.slice(0, 4)), none),
    ];
    for (const [index, genre] of (movie?.genres ?? []).entries()) {
      const key = movie?.genreKeys[index] ?? genre;
      counts.push(one(this.#genres, key, () => ({ genre, ...none() })));
    }
    for (const count of counts) {
      count.plays += 1;
      count.minutes += minutes;
    }
  }

  shown() {
    const newest = <Key extends string | number>(counts: ReadonlyMap<Key, Count>, limit: number) =>
      [...counts].sort(([one], [other]) => (one < other ? 1 : -1)).slice(0, limit);
    const isAny = this.#all.plays > 0;
    return {
      ...this.#all,
      movies: this.#movies.size,
      firstWatchedAt: isAny ? momentOf(this.#first) : null,
      lastWatchedAt: isAny ? momentOf(this.#last) : null,
      byYear: newest(this.#years, most.years).map(([year, count]) => ({ year, ...count })),
      byMonth: newest(this.#months, most.months).map(([month, count]) => ({ month, ...count })),
      byGenre: [...this.#genres.values()].sort(
        (one, other) => other.plays - one.plays || (one.genre < other.genre ? -1 : 1),
      ),
    };
  }
}

function one<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known) return known;
  const made = make();
  map.set(key, made);
  return made;
}
