import type { Caller } from '../auth/tokens.ts';
import { aborted, sleep } from '../backoff.ts';
import { Problem } from '../problems.ts';
import {
  allIn,
  type Following,
  LiveClients,
  type LiveStream,
  ownIn,
  told,
} from './live-clients.ts';
import type { LiveFeed, Move } from './live-feed.ts';
import { type LivePosition, parsePosition } from './live-position.ts';
import { isPrivate, type LiveViews } from './live-view.ts';
import { event, lastWith } from './messages.ts';

/** Between two looks. A look that took longer is followed by a pause as long. */
const lookEveryMs = 100;
const sweepEveryMs = 1_000;
const afterFailureMs = 500;
/** When clients come back after a stream has ended. */
const retryMs = 2_000;
const noPosition: LivePosition = new Map();

export type Joining = {
  names: readonly string[];
  caller: Caller | null;
  lastEventId: string | undefined;
};

/** Tells clients what changes in the views that they follow. While there are none, it rests. */
export class Live {
  readonly #feed: LiveFeed;
  readonly #log: string;
  readonly #views: LiveViews;
  readonly #clients: LiveClients;
  readonly #closing = new AbortController();
  #running: Promise<void> | null = null;
  #sweptAt = 0;
  #first: Promise<void> | null = null;
  #joining = 0;

  constructor(feed: LiveFeed, log: string, views: LiveViews) {
    this.#feed = feed;
    this.#log = log;
    this.#views = views;
    this.#clients = new LiveClients(feed);
  }

  get dropped(): number {
    return this.#clients.dropped;
  }

  /** Ends all streams at once, and begins no new ones. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#clients.end();
    await this.#running;
  }

  /**
   * @param begin begins the stream; not called if this throws.
   * @returns ends the following.
   * @throws Problem `part-away` while the node stops, `read-model-building`
   */
  async join({ names, caller, lastEventId }: Joining, begin: () => LiveStream) {
    this.#checkGoesOn();
    this.#joining += 1;
    try {
      await this.#started();
      this.#feed.check(names);
      const following = this.#following(names, caller);
      const resumed = lastEventId === undefined ? null : parsePosition(this.#log, lastEventId);
      const moves: Move[] = [];
      let from = lastEventId === undefined ? null : (resumed ?? noPosition);
      // Until nothing has changed meanwhile, so that no change falls in between.
      for (; from; ) {
        const { state } = this.#feed;
        moves.push(...(await this.#feed.since(from, names, state)));
        from = state === this.#feed.state ? null : this.#feed.position(names, state);
      }
      // Nobody would end a stream that begins after the others have ended.
      this.#checkGoesOn();
      const events = moves.flatMap((move) => toldTo(move, following, caller));
      const ready = { views: names, resumed: resumed !== null, token: this.#feed.tokenOf(names) };
      const text = lastWith(this.#feed.idOf(names), [event('ready', ready), ...events]);
      const stream = begin();
      stream.write(Buffer.from(`retry: ${retryMs}\n${text}`));
      const user = caller?.userId ?? null;
      const endsAt = caller?.expiresAt ?? Number.POSITIVE_INFINITY;
      return this.#clients.add(stream, following, { user, endsAt });
    } finally {
      this.#joining -= 1;
    }
  }

  /** @throws Problem `part-away` once the node stops. */
  #checkGoesOn(): void {
    if (!this.#closing.signal.aborted) return;
    throw new Problem('part-away', 'This node stops; another one answers.');
  }

  #following(names: readonly string[], caller: Caller | null): Following {
    const isOwn = (name: string) => {
      const live = this.#views[name]!;
      return isPrivate(live) && !(live.everything && caller?.roles.has(live.everything));
    };
    return {
      shared: names.filter((name) => !isOwn(name)),
      own: names.filter((name) => isOwn(name)),
    };
  }

  /** Looks for the first time, if nobody has been looking. */
  #started(): Promise<void> {
    if (this.#running && this.#first) return this.#first;
    const first = Promise.withResolvers<void>();
    this.#first = first.promise;
    this.#running = this.#run(first);
    return first.promise;
  }

  async #run(first: PromiseWithResolvers<void>): Promise<void> {
    const { signal } = this.#closing;
    const closing = aborted(signal).then(() => false);
    let hasBegun = false;
    while (!signal.aborted) {
      const beganAt = performance.now();
      const hasLooked = await Promise.race([this.#lookAndTell(), closing]);
      if (hasLooked) first.resolve();
      else first.reject(new Problem('part-away', 'The database is out of reach; try again.'));
      hasBegun ||= hasLooked;
      this.#sweepWhenDue();
      // Those who join after the first look are told by this run, however later looks go.
      if (this.#clients.isEmpty && (this.#joining === 0 || !hasBegun)) break;
      const tookMs = performance.now() - beganAt;
      await sleep(hasLooked ? Math.max(lookEveryMs, tookMs) : afterFailureMs, signal);
    }
    this.#running = null;
  }

  async #lookAndTell(): Promise<boolean> {
    try {
      const moves = await this.#feed.look();
      if (moves.length > 0) await this.#clients.tell(moves);
      return true;
    } catch {
      return false;
    }
  }

  #sweepWhenDue(): void {
    const now = performance.now();
    if (now - this.#sweptAt < sweepEveryMs) return;
    this.#sweptAt = now;
    this.#clients.sweep();
  }
}

/** What a client is told of a move that it has missed. */
function toldTo(move: Move, { shared }: Following, caller: Caller | null): string[] {
  const ids = shared.includes(move.name) ? allIn(move) : ownIn(move, caller?.userId ?? null);
  return ids?.length === 0 ? [] : [told(move, ids)];
}
