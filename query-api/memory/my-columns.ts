import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { EveryMovie } from './every-movie.ts';

/** The fields that are read of each document. */
export type MyFields = { _id: string; movieId: string } & Record<string, unknown>;

type Time = number | null;

/** What an item takes in memory besides the characters of its id. */
const itemBytes = 60;
/** Items that are taken over in one go; then other work gets its turn. */
const takenAtOnce = 5_000;

/**
 * What is known of the documents of one user: ids, movies and times, a column of each, since as
 * many objects would take three times as much.
 */
export class MyColumns {
  readonly every: EveryMovie;
  /** The first of the fields is the one by which the documents come: highest first, then by id. */
  readonly fields: readonly [string, ...string[]];
  readonly ids: string[] = [];
  readonly movies: number[] = [];
  readonly values: ReadonlyMap<string, Time[]>;
  /** An estimate. */
  bytes = 200;

  constructor(every: EveryMovie, fields: readonly [string, ...string[]]) {
    this.every = every;
    this.fields = fields;
    this.values = new Map(fields.map((field) => [field, []]));
  }

  /** Takes a document that comes behind all before. */
  add(document: MyFields): void {
    const number = this.every.numberOf(document.movieId);
    this.#push(document._id, number, (field) => document[field] as Time);
  }

  /** The same columns with these documents in place of those that had the ids. */
  async with(ids: readonly string[], documents: readonly MyFields[]): Promise<MyColumns> {
    const gone = new Set(ids);
    const [natural] = this.fields;
    const times = this.values.get(natural) ?? [];
    const isBefore = (time: unknown, id: string, otherTime: unknown, otherId: string) =>
      time === otherTime ? id < otherId : Number(time) > Number(otherTime);
    const added = documents.toSorted((one, other) =>
      isBefore(one[natural], one._id, other[natural], other._id) ? -1 : 1,
    );
    const columns = new MyColumns(this.every, this.fields);
    let next = added.shift();
    for (const [at, id] of this.ids.entries()) {
      if (at % takenAtOnce === takenAtOnce - 1) await letOthersRun();
      for (; next && isBefore(next[natural], next._id, times[at], id); next = added.shift()) {
        columns.add(next);
      }
      if (!gone.has(id)) {
        columns.#push(id, this.movies[at]!, (field) => this.values.get(field)?.[at] ?? null);
      }
    }
    for (; next; next = added.shift()) columns.add(next);
    return columns;
  }

  #push(id: string, movie: number, timeOf: (field: string) => Time): void {
    this.ids.push(id);
    this.movies.push(movie);
    for (const [field, times] of this.values) times.push(timeOf(field));
    this.bytes += itemBytes + id.length;
  }
}
