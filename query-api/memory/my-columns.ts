import type { EveryMovie } from './every-movie.ts';
import { firstBehind } from './sorted-list.ts';

/** The fields that are read of each document. */
export type MyFields = { _id: string; movieId: string } & Record<string, unknown>;

type Time = number | null;

/** What an item takes in memory besides the characters of its id. */
const itemBytes = 60;

/** What stays in a row of what was there, or a document that is new. */
type Run = { from: number; until: number } | MyFields;
const isKept = (run: Run): run is { from: number; until: number } => 'until' in run;

/** Where the items of a changed list are. */
export type Places = {
  /** By the place before; -1 for those that are gone. */
  readonly after: Int32Array;
  /** Places before. */
  readonly gone: readonly number[];
  readonly added: readonly number[];
};

/**
 * What is known of the documents of one user: ids, movies and times, a column of each, since as
 * many objects would take three times as much.
 */
export class MyColumns {
  readonly every: EveryMovie;
  /** The first of the fields is the one by which the documents come: highest first, then by id. */
  readonly fields: readonly [string, ...string[]];
  #ids: string[] = [];
  #movies: number[] = [];
  #values: ReadonlyMap<string, Time[]>;
  /** An estimate. */
  #bytes = 200;

  constructor(every: EveryMovie, fields: readonly [string, ...string[]]) {
    this.every = every;
    this.fields = fields;
    this.#values = new Map(fields.map((field) => [field, []]));
  }

  get ids(): readonly string[] {
    return this.#ids;
  }

  get movies(): readonly number[] {
    return this.#movies;
  }

  get values(): ReadonlyMap<string, readonly Time[]> {
    return this.#values;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a document that comes behind all before. */
  add(document: MyFields): void {
    this.#ids.push(document._id);
    this.#movies.push(this.every.numberOf(document.movieId));
    for (const [field, times] of this.#values) times.push(document[field] as Time);
    this.#bytes += bytesOf(document._id);
  }

  /**
   * The same columns with these documents in place of those that had the ids. Whatever stays is
   * copied in rows, not item by item.
   */
  with(
    ids: readonly string[],
    documents: readonly MyFields[],
  ): { columns: MyColumns; places: Places } {
    const gone = new Set(ids);
    const before = this.#ids;
    const left: number[] = [];
    for (let at = 0; at < before.length; at += 1) if (gone.has(before[at]!)) left.push(at);
    const runs = this.#runsOf(left, documents);
    const columns = new MyColumns(this.every, this.fields);
    columns.#ids = joined(before, runs, ({ _id }) => _id);
    columns.#movies = joined(this.#movies, runs, ({ movieId }) => this.every.numberOf(movieId));
    const times = this.fields.map((field) => {
      const values = this.#values.get(field) ?? [];
      return [field, joined(values, runs, (document) => document[field] as Time)] as const;
    });
    columns.#values = new Map(times);
    const sum = (all: readonly string[]) => all.reduce((bytes, id) => bytes + bytesOf(id), 0);
    const added = sum(documents.map(({ _id }) => _id));
    columns.#bytes = this.#bytes + added - sum(left.map((at) => before[at]!));
    return { columns, places: { ...placesIn(runs, before.length), gone: left } };
  }

  /** @param left where the items are that are gone. */
  #runsOf(left: readonly number[], documents: readonly MyFields[]): Run[] {
    const added = documents.map((document) => ({ document, at: this.#placeOf(document) }));
    const [natural] = this.fields;
    const edits = [...left.map((at) => ({ at, document: null })), ...added].sort((one, other) => {
      if (one.at !== other.at) return one.at - other.at;
      // What comes in the place of an item stands before it.
      if (!one.document || !other.document) return one.document ? -1 : 1;
      return isBefore(keyOf(one.document, natural), keyOf(other.document, natural)) ? -1 : 1;
    });
    const runs: Run[] = [];
    let from = 0;
    for (const { at, document } of edits) {
      if (at > from) runs.push({ from, until: at });
      if (document) runs.push(document);
      from = document ? at : at + 1;
    }
    runs.push({ from, until: this.#ids.length });
    return runs;
  }

  /** How many items come before a document. */
  #placeOf(document: MyFields): number {
    const [natural] = this.fields;
    const times = this.#values.get(natural) ?? [];
    const key = keyOf(document, natural);
    return firstBehind(this.#ids.length, (at) =>
      isBefore({ time: times[at], id: this.#ids[at]! }, key),
    );
  }
}

type NaturalKey = { time: unknown; id: string };

const keyOf = (document: MyFields, natural: string): NaturalKey => ({
  time: document[natural],
  id: document._id,
});

const isBefore = (one: NaturalKey, other: NaturalKey): boolean =>
  one.time === other.time ? one.id < other.id : Number(one.time) > Number(other.time);

const bytesOf = (id: string): number => itemBytes + id.length;

const joined = <T>(column: readonly T[], runs: readonly Run[], of: (document: MyFields) => T) =>
  ([] as T[]).concat(
    ...runs.map((run) => (isKept(run) ? column.slice(run.from, run.until) : [of(run)])),
  );

function placesIn(runs: readonly Run[], before: number): Omit<Places, 'gone'> {
  const after = new Int32Array(before).fill(-1);
  const added: number[] = [];
  let place = 0;
  for (const run of runs) {
    if (!isKept(run)) added.push(place++);
    else for (let at = run.from; at < run.until; at += 1) after[at] = place++;
  }
  return { after, added };
}
