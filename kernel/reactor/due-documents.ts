import { LRUCache } from 'lru-cache';
import type { Db, Filter } from 'mongodb';
import { commandId } from '../event.ts';
import { viewId } from '../projector/generations/generations.ts';
import { pointersOf } from '../projector/generations/pointers.ts';
import type { AnyClock, DueReaction } from '../reactor.ts';
import type { CommandClient, Outcome } from './command-client.ts';

type Due = { _id: string } & Record<string, unknown>;

/** Documents that are read at once, and the most commands that are under way at once. */
const atOnce = 16;
/** A view shows a command's effect within this time, unless its projector stands still. */
const answeredForMs = 60_000;
/** Refused for now, such as while the writer's clock is a little behind. */
const refusedForMs = 5_000;
const rememberedKeys = 10_000;

export type Sending = {
  /** False once the lease is lost or the process ends. */
  mayGoOn(): boolean;
  signal: AbortSignal;
  answered(reaction: DueReaction, outcome: Outcome): void;
};

/** The documents of a clock's view whose time has come, and the commands that they lead to. */
export class DueDocuments {
  readonly #clock: AnyClock;
  readonly #db: Db;
  readonly #commands: CommandClient;
  /** Keys that were answered a moment ago: their documents may not show it yet. */
  readonly #answered = new LRUCache<string, true>({ max: rememberedKeys, ttl: answeredForMs });

  constructor(clock: AnyClock, db: Db, commands: CommandClient) {
    this.#clock = clock;
    this.#db = db;
    this.#commands = commands;
  }

  /**
   * Sends the commands of all documents that are due, in order of their time, a few at once.
   * @throws TryAgainError when the command API can't answer now.
   */
  async send(sending: Sending): Promise<void> {
    const { active } = (await this.#pointer()) ?? {};
    if (!active) return; // The view was never built.
    const { at } = this.#clock;
    const due = { [at]: { $lte: Date.now() } };
    let after: Due | null = null;
    while (sending.mayGoOn()) {
      const filter = (after ? { $and: [due, behind(at, after)] } : due) as Filter<Due>;
      const found: Due[] = await this.#db
        .collection<Due>(active)
        .find(filter)
        .sort({ [at]: 1, _id: 1 })
        .limit(atOnce)
        .toArray();
      const sent = await Promise.allSettled(found.map((one) => this.#react(one, sending)));
      const failure = sent.find((outcome) => outcome.status === 'rejected');
      if (failure) throw failure.reason;
      if (found.length < atOnce) return;
      after = found.at(-1) ?? null;
    }
  }

  async #pointer() {
    const id = viewId(this.#clock.view);
    return (await pointersOf(this.#db, [id])).get(id);
  }

  async #react(document: Due, { signal, answered }: Sending): Promise<void> {
    const { name, when } = this.#clock;
    const reaction = (when as (document: Due) => DueReaction)(document);
    const { POST: path, body = {} } = reaction;
    const key = commandId(name, 'due', path, JSON.stringify(reaction.key));
    if (this.#answered.has(key)) return;
    const outcome = await this.#commands.send({ path, body, key }, signal);
    const ttl = outcome.kind === 'done' ? answeredForMs : refusedForMs;
    this.#answered.set(key, true, { ttl });
    answered(reaction, outcome);
  }
}

/** The documents that come after this one in the order of time and id. */
const behind = (at: string, { _id, [at]: time }: Due) => ({
  $or: [{ [at]: { $gt: time } }, { [at]: time, _id: { $gt: _id } }],
});
