import { Store } from './store.ts';

/** What happened: each command on its way to the screen. */

export type Place = { topic: string; lane: number; offset: number };

export type Stored = {
  stream: string;
  version: number;
  events: readonly string[];
  unchanged: boolean;
  places: readonly Place[];
};

export type Entry = {
  id: string;
  title: string;
  /** Method and path. */
  command: string;
  /** Who gave it: nobody else may send it again or undo it. */
  user: string | null;
  at: number;
  state: 'sent' | 'stored' | 'visible' | 'failed';
  storedMs: number | null;
  visibleMs: number | null;
  stored: Stored | null;
  failure: { title: string; detail: string; code: string } | null;
  /**
   * Sends the same command again, with the same key, so that it counts once; reads its effect again
   * if it is stored.
   */
  again: (() => void) | null;
  undo: (() => void) | null;
};

const kept = 50;

/** The newest first. */
export const journal = new Store<readonly Entry[]>([]);

export function begin(entry: Pick<Entry, 'id' | 'title' | 'command' | 'user'>): void {
  const fresh: Entry = {
    ...entry,
    at: Date.now(),
    state: 'sent',
    ...{ storedMs: null, visibleMs: null, stored: null },
    ...{ failure: null, again: null, undo: null },
  };
  journal.update((before) =>
    [fresh, ...before.filter(({ id }) => id !== entry.id)].filter(
      ({ state }, place) => place < kept || state === 'sent',
    ),
  );
}

export const change = (id: string, changed: Partial<Entry>): void =>
  journal.update((before) => before.map((one) => (one.id === id ? { ...one, ...changed } : one)));

/** Whether some command has no answer, or was refused and can be sent again. */
export const hasUnsent = (): boolean =>
  journal.get().some(({ state }) => state === 'sent' || state === 'failed');

/**
 * Where a command's events are in the log. To clients, a token is opaque; the console is here to
 * show how the system works, so it looks inside, and shows nothing where it can't.
 * @param covered what the command was sent with: offsets in it are not the command's.
 */
export function placesIn(token: string, covered: ReadonlySet<string> = new Set()): Place[] {
  try {
    const text = atob(token.replaceAll('-', '+').replaceAll('_', '/'));
    const [, seen] = JSON.parse(text) as [string, Record<string, number>];
    return Object.entries(seen).flatMap(([at, offset]) => {
      if (covered.has(`${at}:${offset}`)) return [];
      const [topic = '', lane = ''] = at.split(':');
      return [{ topic, lane: Number(lane), offset }];
    });
  } catch {
    return [];
  }
}

/** The positions that a token covers, as `placesIn` takes them. */
export const coveredBy = (tokens: readonly string[]): ReadonlySet<string> =>
  new Set(
    tokens.flatMap((token) =>
      placesIn(token).map(({ topic, lane, offset }) => `${topic}:${lane}:${offset}`),
    ),
  );
