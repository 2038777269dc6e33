import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Move } from './live-feed.ts';
import { event, heartbeat, lastWith } from './messages.ts';

/** The part of a response that a stream needs. */
export type LiveStream = {
  readonly writableLength: number;
  write(text: Buffer): unknown;
  end(): unknown;
};

/** Which views a client follows: all of the shared ones, and its own part of the others. */
export type Following = { shared: readonly string[]; own: readonly string[] };

type Client = {
  stream: LiveStream;
  group: Group;
  user: string | null;
  /** When its token expires, in milliseconds since 1970. */
  endsAt: number;
  lastAt: number;
  /** Changes that it was not told, since it doesn't take what was written before. */
  dropped: number;
  leave(): void;
};

/** Clients that follow the same: what is written to all of them is made once. */
type Group = Following & {
  names: readonly string[];
  clients: Set<Client>;
  byUser: Map<string, Set<Client>>;
};

/** What a client hasn't taken yet may have this many bytes. Beyond that, changes are dropped. */
const buffered = 64 * 1024;
/** More changes at once are not named one by one: reading the view anew costs less. */
const namedAtOnce = 1_000;
const heartbeatMs = 12_000;
/** Between two turns of other requests. */
const writtenAtOnce = 500;

type Source = { idOf(names: readonly string[]): string; tokenOf(names: readonly string[]): string };

/** The open streams. A client costs some hundred bytes here, and has no timer of its own. */
export class LiveClients {
  readonly #source: Source;
  readonly #groups = new Map<string, Group>();
  /** Changes that slow clients were not told, since the process began. */
  dropped = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  get isEmpty(): boolean {
    return this.#groups.size === 0;
  }

  /** @returns removes the client. */
  add(
    stream: LiveStream,
    following: Following,
    { user, endsAt }: Pick<Client, 'user' | 'endsAt'>,
  ): () => void {
    const key = JSON.stringify([following.shared, following.own]);
    const group = this.#groups.get(key) ?? newGroup(following);
    this.#groups.set(key, group);
    const leave = () => {
      if (!group.clients.delete(client)) return;
      if (user !== null) {
        const others = group.byUser.get(user);
        others?.delete(client);
        if (others?.size === 0) group.byUser.delete(user);
      }
      if (group.clients.size === 0) this.#groups.delete(key);
    };
    const lastAt = performance.now();
    const client: Client = { stream, group, user, endsAt, lastAt, dropped: 0, leave };
    group.clients.add(client);
    if (user !== null) group.byUser.set(user, (group.byUser.get(user) ?? new Set()).add(client));
    return leave;
  }

  /** Tells each client what it follows. To be awaited before the views are looked at again. */
  async tell(moves: readonly Move[]): Promise<void> {
    for (const group of this.#groups.values()) await this.#tellGroup(group, moves);
  }

  /** To be called each second: shows silent clients that the stream lives, and ends those due. */
  sweep(): void {
    const now = performance.now();
    for (const group of this.#groups.values()) {
      let beat: Buffer | null = null;
      for (const client of group.clients) {
        if (client.endsAt <= Date.now()) {
          end(client, event('end', { reason: 'token-expired' }));
        } else if (client.dropped > 0) this.#tellDropped(client);
        else if (now - client.lastAt >= heartbeatMs && client.stream.writableLength <= buffered) {
          beat ??= Buffer.from(heartbeat(this.#source.idOf(group.names)));
          client.stream.write(beat);
          client.lastAt = now;
        }
      }
    }
  }

  /** Ends all streams at once; clients come back to another node. */
  end(): void {
    const bye = event('end', { reason: 'node-stops' });
    for (const { clients } of this.#groups.values()) {
      for (const client of clients) end(client, bye);
    }
  }

  async #tellGroup(group: Group, moves: readonly Move[]): Promise<void> {
    const shared = moves.filter(
      ({ name, changed }) =>
        group.shared.includes(name) || (changed === null && group.own.includes(name)),
    );
    const own = moves.filter(({ name, changed }) => changed !== null && group.own.includes(name));
    const ownOf = ownEvents(own, group.byUser);
    if (shared.length === 0 && ownOf.size === 0) return;
    const id = this.#source.idOf(group.names);
    if (shared.length === 0) {
      for (const [client, { count, events }] of ownOf) {
        this.#send(client, count, [Buffer.from(lastWith(id, events))]);
      }
      return;
    }
    const forAll = Buffer.from(
      lastWith(
        id,
        shared.map((move) => told(move, allIn(move))),
      ),
    );
    const countForAll = shared.reduce((sum, move) => sum + (move.changed?.all.length ?? 1), 0);
    let written = 0;
    for (const client of group.clients) {
      written += 1;
      if (written % writtenAtOnce === 0) await letOthersRun();
      const { count = 0, events } = ownOf.get(client) ?? {};
      const parts = events ? [Buffer.from(events.join('')), forAll] : [forAll];
      this.#send(client, count + countForAll, parts);
    }
  }

  #send(client: Client, count: number, parts: readonly Buffer[]): void {
    const { stream } = client;
    if (client.dropped > 0 || stream.writableLength > buffered) {
      client.dropped += count;
      this.dropped += count;
      this.#tellDropped(client);
      return;
    }
    for (const part of parts) stream.write(part);
    client.lastAt = performance.now();
  }

  /** Once the client has taken what was written: what to read anew, and where it goes on. */
  #tellDropped(client: Client): void {
    if (client.stream.writableLength > buffered / 2) return;
    const { names } = client.group;
    const data = { views: names, count: client.dropped, token: this.#source.tokenOf(names) };
    const text = lastWith(this.#source.idOf(names), [event('dropped', data)]);
    client.stream.write(Buffer.from(text));
    client.dropped = 0;
    client.lastAt = performance.now();
  }
}

function end({ stream, leave }: Client, text: string): void {
  leave();
  stream.write(Buffer.from(text));
  stream.end();
}

const newGroup = ({ shared, own }: Following): Group => ({
  ...{ shared, own, names: [...shared, ...own] },
  ...{ clients: new Set(), byUser: new Map() },
});

/** One view's move, as one of its followers is told. */
export function told({ name: view, token }: Pick<Move, 'name' | 'token'>, ids: Told): string {
  if (ids === null) return event('reset', { views: [view], token });
  if (ids.length <= namedAtOnce) return event('changed', { view, ids, token });
  return event('dropped', { views: [view], count: ids.length, token });
}

type Told = readonly string[] | null;

export const allIn = ({ changed }: Move): Told => changed?.all ?? null;

export const ownIn = ({ changed }: Move, user: string | null): Told =>
  changed && (changed.byUser.get(user ?? '') ?? []);

type OwnEvents = { count: number; events: string[] };

function ownEvents(moves: readonly Move[], byUser: Group['byUser']): Map<Client, OwnEvents> {
  const found = new Map<Client, OwnEvents>();
  for (const move of moves) {
    for (const [user, ids] of move.changed?.byUser ?? []) {
      const clients = byUser.get(user);
      if (!clients) continue;
      const text = told(move, ids);
      for (const client of clients) {
        const own = found.get(client) ?? { count: 0, events: [] };
        own.count += ids.length;
        own.events.push(text);
        found.set(client, own);
      }
    }
  }
  return found;
}
