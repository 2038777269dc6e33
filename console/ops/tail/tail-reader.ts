import { useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../../system/api.ts';
import { Store, useStore } from '../../system/store.ts';
import type { OpsEvent } from '../contract.ts';
import { type Filter, parametersOf } from '../filter.ts';

/** Follows the log. What is kept is bounded, however long one looks. */

const mostKept = 10_000;
/** Of work at a time. */
const longestMs = 8;

export type Tail = {
  events: readonly OpsEvent[];
  /** How many came since the start. */
  seen: number;
  /** Too old to be kept here, and too many for this client. */
  forgotten: number;
  dropped: number;
  /** More has happened before, or while the connection was lost, than is sent at once. */
  isCut: boolean;
  state: 'stopped' | 'opening' | 'open' | 'lost' | 'failed';
  failure: unknown;
};

const nothing: Tail = {
  ...{ events: [], seen: 0, forgotten: 0, dropped: 0 },
  ...{ isCut: false, state: 'stopped', failure: null },
};

/** Reads until `signal` ends it; shows what has come once a frame. */
export async function readTail(store: Store<Tail>, filter: Filter, signal: AbortSignal) {
  const waiting = new Waiting(store, signal);
  const last = new Map<string, number>();
  let began = performance.now();
  let from = filter.from;
  const parameters = () => parametersOf({ ...filter, from });
  const onState = (state: 'open' | 'lost') => store.update((before) => ({ ...before, state }));
  store.set({ ...nothing, state: 'opening' });
  try {
    for await (const { event, data } of api().tail(parameters, { signal, onState })) {
      if (event === 'dropped') waiting.drop((data as { dropped: number }).dropped);
      if (event === 'now') {
        const { all, at } = data as { all: boolean; at: string };
        from = at;
        if (!all) store.update((before) => ({ ...before, isCut: true }));
      }
      if (event !== 'event') continue;
      const one = data as OpsEvent;
      const lane = `${one.topic}/${one.lane}`;
      // A later connection begins at the time of the last event, which came before.
      if (one.offset <= (last.get(lane) ?? -1)) continue;
      last.set(lane, one.offset);
      from = one.time;
      waiting.add(one);
      if (performance.now() - began < longestMs) continue;
      // Drawing and keys get their turn, however many events have come at once.
      await new Promise((resolve) => setTimeout(resolve));
      began = performance.now();
    }
  } catch (failure) {
    if (!signal.aborted) store.update((before) => ({ ...before, state: 'failed', failure }));
  }
}

/** Events that come faster than frames are drawn. */
class Waiting {
  readonly #store: Store<Tail>;
  #events: OpsEvent[] = [];
  #dropped = 0;
  #isAsked = false;

  constructor(store: Store<Tail>, signal: AbortSignal) {
    this.#store = store;
    signal.addEventListener('abort', () => this.#show(), { once: true });
  }

  add(event: OpsEvent): void {
    this.#events.push(event);
    this.#ask();
  }

  drop(count: number): void {
    this.#dropped += count;
    this.#ask();
  }

  #ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    // A tab in the background draws no frames.
    if (document.visibilityState === 'hidden') setTimeout(() => this.#show(), 250);
    else requestAnimationFrame(() => this.#show());
  }

  #show(): void {
    this.#isAsked = false;
    const [fresh, dropped] = [this.#events, this.#dropped];
    if (fresh.length === 0 && dropped === 0) return;
    this.#events = [];
    this.#dropped = 0;
    this.#store.update((before) => {
      const all = before.events.concat(fresh);
      const events = all.length > mostKept ? all.slice(all.length - mostKept) : all;
      return {
        ...{ ...before, events },
        seen: before.seen + fresh.length,
        forgotten: before.forgotten + all.length - events.length,
        dropped: before.dropped + dropped,
      };
    });
  }
}

/** The tail that the filter means; it begins by itself, and ends with its component. */
export function useTail(filter: Filter): Tail & { start(): void; stop(): void } {
  const store = useMemo(() => new Store<Tail>(nothing), []);
  const [isOn, setOn] = useState(true);
  // After a failure it is still on: each start is another one.
  const [starts, setStarts] = useState(0);
  const stopping = useRef<AbortController>(null);
  const text = JSON.stringify(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each start reads anew.
  useEffect(() => {
    if (!isOn) return;
    const stop = new AbortController();
    stopping.current = stop;
    void readTail(store, JSON.parse(text) as Filter, stop.signal);
    return () => stop.abort();
  }, [store, text, isOn, starts]);
  return {
    ...useStore(store),
    start: () => {
      setOn(true);
      setStarts((before) => before + 1);
    },
    stop: () => {
      stopping.current?.abort();
      setOn(false);
      store.update((before) => ({ ...before, state: 'stopped' }));
    },
  };
}
