import type { Change } from '../projector/changes.ts';
import { isPrivate, type LiveView } from './live-view.ts';

/** The documents of a view that have changed since the last look. */
export type ChangedIds = {
  /** Of a private view, only callers who follow all of it learn of these. */
  all: readonly string[];
  /** Of a private view, by user. */
  byUser: ReadonlyMap<string, readonly string[]>;
};

/** Null if a change doesn't say which documents: an earlier version of this code has stored it. */
export function changedIds(live: LiveView, changes: readonly Change[]): ChangedIds | null {
  const { idOf = (id: string) => id } = live;
  if (!isPrivate(live)) {
    const all = new Set(changes.flatMap(({ ids }) => ids.map((id) => idOf(id))));
    return { all: [...all], byUser: new Map() };
  }
  const all = new Set<string>();
  const byUser = new Map<string, Set<string>>();
  for (const { ids: users, documents } of changes) {
    if (!documents) return null;
    for (const [at, user] of users.entries()) {
      const own = byUser.get(user) ?? new Set();
      byUser.set(user, own);
      for (const id of documents[at] ?? []) {
        own.add(idOf(id));
        all.add(idOf(id));
      }
    }
  }
  return { all: [...all], byUser: new Map([...byUser].map(([user, ids]) => [user, [...ids]])) };
}
