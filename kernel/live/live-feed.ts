import type { Db } from 'mongodb';
import { type ConsistencyToken, formatToken } from '../consistency-token.ts';
import { Problem } from '../problems.ts';
import { type ChangeCounts, changesBetween } from '../projector/changes.ts';
import { viewId } from '../projector/generations/generations.ts';
import { pointersOf } from '../projector/generations/pointers.ts';
import { type Progress, progressOf } from '../reading/progress.ts';
import { type ChangedIds, changedIds } from './changed-ids.ts';
import { formatPosition, type LivePosition, type ViewPosition } from './live-position.ts';
import type { LiveViews } from './live-view.ts';

/** What has happened to a view between two looks. */
export type Move = {
  name: string;
  /** Null if that is not known: clients read the view anew. */
  changed: ChangedIds | null;
  /** A read with this token sees the changes. */
  token: string;
};

type ViewState = { generation: string; progress: Progress };
/** By name; of the views that are served. Another object whenever a view has moved. */
type State = ReadonlyMap<string, ViewState>;

const readsKept = 1_000;

/** Finds out what has changed in views, from what projectors store of each step. */
export class LiveFeed {
  readonly #db: Db;
  readonly #log: string;
  readonly #views: LiveViews;
  #state: State = new Map();
  /** What was read of changes up to the current state; many clients resume from the same place. */
  #read = new Map<string, Promise<ChangedIds | null>>();

  constructor(db: Db, log: string, views: LiveViews) {
    this.#db = db.client.db(db.databaseName, { readPreference: 'primary' });
    this.#log = log;
    this.#views = views;
  }

  get state(): State {
    return this.#state;
  }

  /** Looks how far the views have come. @returns what has changed since the last look. */
  async look(): Promise<Move[]> {
    const views = Object.entries(this.#views);
    const ids = views.map(([, { view }]) => viewId(view));
    const pointers = await pointersOf(this.#db, ids);
    const generations = [...pointers.values()].map(({ active }) => active);
    const progress = new Map(await progressOf(this.#db, generations));
    const state = new Map<string, ViewState>();
    for (const [name, { view }] of views) {
      const { active: generation } = pointers.get(viewId(view)) ?? {};
      if (generation === undefined) continue;
      state.set(name, { generation, progress: progress.get(generation)! });
    }
    const before = this.#state;
    const moves = await this.#between(positionOf(before), state, [...before.keys()]);
    if (moves.length > 0 || state.size !== before.size) {
      this.#state = state;
      this.#read = new Map();
    }
    return moves;
  }

  /** What has changed in these views since a position that a client has been at. */
  async since(from: LivePosition, names: readonly string[], to: State): Promise<Move[]> {
    return this.#between(from, to, names);
  }

  position(names: readonly string[], state = this.#state): LivePosition {
    return new Map([...positionOf(state)].filter(([name]) => names.includes(name)));
  }

  idOf(names: readonly string[]): string {
    return formatPosition(this.#log, this.position(names));
  }

  /** A token that has seen what these views have seen. */
  tokenOf(names: readonly string[], state = this.#state): string {
    const seen: ConsistencyToken['seen'] = {};
    for (const name of names) Object.assign(seen, this.#seen(name, state, null));
    return formatToken({ log: this.#log, seen });
  }

  /** @throws Problem `read-model-building` for a view that isn't served yet. */
  check(names: readonly string[]): void {
    const lacking = names.find((name) => !this.#state.has(name));
    if (lacking === undefined) return;
    throw new Problem('read-model-building', `The read model ${lacking} is being built.`);
  }

  async #between(from: LivePosition, to: State, names: readonly string[]): Promise<Move[]> {
    const moves = names.map(async (name): Promise<Move | null> => {
      const state = to.get(name);
      if (!state) return null;
      const at = from.get(name);
      const moved = at?.generation === state.generation ? movedLanes(at.changes, state) : null;
      if (moved?.length === 0) return null;
      const changed = moved && (await this.#changed(name, at!, state));
      if (changed?.all.length === 0) return null;
      const seen = this.#seen(name, to, moved);
      return { name, changed, token: formatToken({ log: this.#log, seen }) };
    });
    return (await Promise.all(moves)).filter((move) => move !== null);
  }

  #changed(name: string, at: ViewPosition, state: ViewState): Promise<ChangedIds | null> {
    const to = [...state.progress.changes];
    const key = JSON.stringify([name, [...at.changes], to]);
    const known = this.#read.get(key);
    if (known) return known;
    if (this.#read.size >= readsKept) this.#read.clear();
    const read = this.#readChanged(name, at, state);
    this.#read.set(key, read);
    // Kept, a failure would meet each look, and each client, until the view moves again.
    read.catch(() => this.#read.delete(key));
    return read;
  }

  async #readChanged(name: string, { generation, changes }: ViewPosition, state: ViewState) {
    const found = await changesBetween(this.#db, generation, changes, state.progress.changes);
    return found && changedIds(this.#views[name]!, found);
  }

  /** The last offsets that a view has seen, in these lanes or in all. */
  #seen(name: string, state: State, lanes: readonly number[] | null): ConsistencyToken['seen'] {
    const seen: ConsistencyToken['seen'] = {};
    for (const [at, next] of state.get(name)?.progress.next ?? []) {
      const lane = Number(at.slice(at.lastIndexOf(':') + 1));
      const isWanted = lanes === null || lanes.includes(lane);
      if (isWanted && next > 0) seen[at as `${string}:${number}`] = next - 1;
    }
    return seen;
  }
}

const positionOf = (state: State): LivePosition =>
  new Map(
    [...state].map(([name, { generation, progress }]) => [
      name,
      { generation, changes: progress.changes },
    ]),
  );

/** The lanes whose documents have changed; null if that can't be told. */
function movedLanes(from: ChangeCounts, { progress: { changes } }: ViewState): number[] | null {
  // A generation without lanes was dropped, and lanes never come or go.
  if (from.size !== changes.size) return null;
  return [...changes].flatMap(([lane, count]) => (from.get(lane) === count ? [] : lane));
}
