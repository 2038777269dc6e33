import express, { type Router } from 'express';
import { sleep } from '../backoff.ts';
import type { Member } from '../leases/leases.ts';

const askMs = 2_000;
const everyMs = 2_000;

/** Lets others find out whether a URL leads to this process. */
export function identityRouter(id: string): Router {
  return express.Router().get('/internal/nodes/:id', (req, res) => {
    res.status(req.params.id === id ? 204 : 421).end();
  });
}

/**
 * Why this member isn't reached at its URL; null if it is.
 * @param isSelf says that the member is this process, and so knows the route.
 */
export async function unreachedBecause(
  { id, url }: Member,
  { isSelf = false } = {},
): Promise<string | null> {
  try {
    const asked = new URL(`/internal/nodes/${encodeURIComponent(id)}`, url);
    const answer = await fetch(asked, { signal: AbortSignal.timeout(askMs) });
    await answer.body?.cancel();
    if (answer.status === 204) return null;
    if (answer.status === 421) return 'another process answers there';
    // A release without this route takes commands there all the same.
    return isSelf ? `it answers ${answer.status}; is that the operations port?` : null;
  } catch (error) {
    const { message, cause } = error as Error;
    return cause instanceof Error ? cause.message : message;
  }
}

export type PeerTrouble = { url: string; trouble: string };

export type PeersOptions = {
  own: Member;
  /** The other nodes that own lanes now. */
  peers: () => readonly Member[];
  /** How long a peer may be out of reach: one that has died is an owner until its lease ends. */
  graceMs: number;
  onWarning(message: string): void;
};

/** Whether this node reaches the owners of the other lanes, as commands have to. */
export class Peers {
  readonly #options: PeersOptions;
  readonly #closing = new AbortController();
  readonly #loop: Promise<void>;
  #asked = 0;
  #failing = new Map<string, PeerTrouble & { since: number }>();

  constructor(options: PeersOptions) {
    this.#options = options;
    this.#loop = this.#run();
  }

  /** Owners that this node has not reached for a while. */
  troubles(): PeerTrouble[] {
    return this.#late().map(({ url, trouble }) => ({ url, trouble }));
  }

  /**
   * If this node reaches none of several others, or shares its URL with another one, it is the one
   * to mend. Of two nodes that don't reach each other, either may be it.
   */
  isProbablyAtFault(): boolean {
    const late = this.#late();
    const { own } = this.#options;
    return (
      late.some(({ url }) => url === own.url) || (late.length > 1 && late.length === this.#asked)
    );
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      await this.#look();
      await sleep(everyMs, this.#closing.signal);
    }
  }

  async #look(): Promise<void> {
    const peers = this.#options.peers();
    const troubles = await Promise.all(peers.map((peer) => this.#troubleOf(peer)));
    const before = this.#failing;
    this.#asked = peers.length;
    this.#failing = new Map();
    for (const [index, { id, url }] of peers.entries()) {
      const trouble = troubles[index];
      if (!trouble) continue;
      const since = before.get(id)?.since ?? performance.now();
      if (!before.has(id)) this.#options.onWarning(`${url} can't be reached: ${trouble}`);
      this.#failing.set(id, { url, trouble, since });
    }
  }

  #troubleOf(peer: Member): Promise<string | null> | string {
    if (peer.url === this.#options.own.url) return 'it has the same NODE_URL as this node';
    return unreachedBecause(peer);
  }

  #late() {
    const until = performance.now() - this.#options.graceMs;
    return [...this.#failing.values()].filter(({ since }) => since <= until);
  }
}
