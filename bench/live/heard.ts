import { messagesIn } from './streams.ts';

/** Which votes clients have heard of, and when. */

export type CastVote = {
  user: string;
  movieId: string;
  /** The consistency token of its answer. */
  token: string;
  answeredAtMs: number;
};

export type Listener = { group: Group; user: string | null };

/** Clients that follow the same views are told the same of those that all share. */
export type Group = { views: string; listeners: number; messages: Map<string, Shared> };

type Changed = { view: string; ids: string[]; token: string };
/** A message to all of a group, and when each of them had it. */
type Shared = Changed & { atMs: number[] };

/** What was heard: of votes by all who follow the rankings, and by the voters themselves. */
export type Delays = { rankings: Times; votes: Times };

/** Counts milliseconds: a hundred million of them in no memory. */
export class Times {
  readonly #counts = new Uint32Array(60_001);
  count = 0;

  add(ms: number): void {
    const at = Math.min(this.#counts.length - 1, Math.max(0, Math.round(ms)));
    this.#counts[at] = this.#counts[at]! + 1;
    this.count += 1;
  }

  /** The time within which so large a part of them was. */
  within(part: number): number {
    let counted = 0;
    for (const [ms, count] of this.#counts.entries()) {
      counted += count;
      if (counted > 0 && counted >= this.count * part) return ms;
    }
    return Number.NaN;
  }
}

/** Takes what clients hear while votes are on their way: they are known only afterwards. */
export class Heard {
  readonly groups = new Map<string, Group>();
  readonly #own: (Changed & { user: string; atMs: number })[] = [];
  /** Messages by their event; a heartbeat is a comment. */
  readonly counts: Record<string, number> = {};
  bytes = 0;

  listener(views: string, user: string | null): Listener {
    const group = this.groups.get(views) ?? { views, listeners: 0, messages: new Map() };
    this.groups.set(views, group);
    group.listeners += 1;
    return { group, user };
  }

  take({ group, user }: Listener, text: string, atMs: number): void {
    this.bytes += text.length;
    for (const message of messagesIn(text)) {
      const known = group.messages.get(message);
      const event = known ? 'changed' : eventOf(message);
      this.counts[event] = (this.counts[event] ?? 0) + 1;
      if (known) known.atMs.push(atMs);
      else if (event === 'changed') {
        const changed = dataOf(message) as Changed;
        if (changed.view === 'votes' && user !== null) this.#own.push({ ...changed, user, atMs });
        else group.messages.set(message, { ...changed, atMs: [atMs] });
      }
    }
  }

  /** From the answer of each vote to the event at each client that heard of it. */
  delays(votes: readonly CastVote[], isMeasured: (vote: CastVote) => boolean): Delays {
    const delays: Delays = { rankings: new Times(), votes: new Times() };
    const byBallot = new Map(votes.map((vote) => [`${vote.user}/${vote.movieId}`, vote]));
    for (const { user, ids, atMs } of this.#own) {
      for (const id of ids) {
        const vote = byBallot.get(`${user}/${id}`);
        if (vote && isMeasured(vote)) delays.votes.add(atMs - vote.answeredAtMs);
      }
    }
    const byMovie = Map.groupBy(votes.map(placed).sort(byOffset), ({ movieId }) => movieId);
    for (const { messages } of this.groups.values()) {
      const left = new Map([...byMovie].map(([movieId, cast]) => [movieId, [...cast].reverse()]));
      for (const { view, ids, token, atMs } of messages.values()) {
        if (view !== 'rankings') continue;
        const seen = seenBy(token);
        for (const id of ids) {
          const cast = left.get(id) ?? [];
          while (cast.length > 0 && cast.at(-1)!.offset <= (seen[cast.at(-1)!.lane] ?? -1)) {
            const vote = cast.pop()!;
            if (!isMeasured(vote)) continue;
            for (const at of atMs) delays.rankings.add(at - vote.answeredAtMs);
          }
        }
      }
    }
    return delays;
  }
}

type Placed = CastVote & { lane: string; offset: number };

function placed(vote: CastVote): Placed {
  const at = Object.entries(seenBy(vote.token)).find(([lane]) => lane.startsWith('ranking:'));
  if (!at) throw new Error(`The token of a vote has no event of it: ${vote.token}`);
  return { ...vote, lane: at[0], offset: at[1] };
}

const byOffset = (one: Placed, other: Placed) => one.offset - other.offset;

/** The last offset of each lane that a consistency token has seen. */
const seenBy = (token: string): Record<string, number> =>
  JSON.parse(Buffer.from(token, 'base64url').toString())[1];

function eventOf(message: string): string {
  if (message.startsWith(':')) return 'heartbeat';
  return /^event: (.+)$/m.exec(message)?.[1] ?? 'none';
}

const dataOf = (message: string): unknown =>
  JSON.parse(/^data: (.+)$/m.exec(message)?.[1] ?? 'null');
