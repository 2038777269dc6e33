import { z } from 'zod';
import type { Command } from '../aggregate.ts';
import { LaneMovedError } from '../writer/lane-writer.ts';
import type { Forward } from '../writer/lanes.ts';
import type { Outcome } from '../writer/request.ts';
import { askNode, forwardedError, type Sender } from './forwarding.ts';

/**
 * The body with which one node asks another to decide commands of a batch, on the terms of
 * `Forwarded`. `forwarded-commands.ts` has the other node's side.
 */
export const ForwardedItems = z.strictObject({
  idempotencyKey: z.string(),
  requesthash: z.string(),
  items: z.array(z.strictObject({ input: z.unknown(), term: z.int() })).max(1_000),
});

/** For each item in order, its outcome, or its problem as any answer would have it. */
export type ForwardedResult = { outcome: Outcome } | { problem: object };

type Item = { input: unknown; term: number; settle(result: ForwardedResult | Error): void };
type Group = { url: string; command: Command; items: Item[] };

/** How long items that have to be sent again wait for others to go with. */
const gatherMs = 10;

/** Forwards the commands of one batch: those for the same node with one request. */
export class GroupedForwarding {
  readonly #sender: Sender;
  readonly #keys: { idempotencyKey: string; requesthash: string };
  readonly #groups = new Map<string, Group>();
  #isGathering = true;

  constructor(sender: Sender, keys: { idempotencyKey: string; requesthash: string }) {
    this.#sender = sender;
    this.#keys = keys;
  }

  forward(command: Command, input: unknown): Forward {
    return ({ url, term }, gone) =>
      new Promise<Outcome>((resolve, reject) => {
        const settle = (result: ForwardedResult | Error) => {
          if (result instanceof Error) reject(result);
          else if ('outcome' in result) resolve(result.outcome);
          else reject(forwardedError(result.problem));
        };
        const moved = () => settle(new LaneMovedError('The lane has moved.'));
        gone.addEventListener('abort', moved, { once: true });
        this.#add({ url, command }, { input, term, settle });
      });
  }

  /** All items were handed in: sends what gathers in this turn of the event loop. */
  send(): void {
    setImmediate(() => {
      this.#isGathering = false;
      this.#sendAll();
    });
  }

  #sendAll(): void {
    for (const group of this.#groups.values()) void this.#ask(group);
    this.#groups.clear();
  }

  #add({ url, command }: Omit<Group, 'items'>, item: Item): void {
    const name = `${command.name} ${url}`;
    const group = this.#groups.get(name) ?? { url, command, items: [] };
    group.items.push(item);
    if (this.#groups.has(name)) return;
    if (!this.#isGathering && this.#groups.size === 0) setTimeout(() => this.#sendAll(), gatherMs);
    this.#groups.set(name, group);
  }

  async #ask({ url, command, items }: Group): Promise<void> {
    const sent = items.map(({ input, term }) => ({ input, term }));
    const envelope = { ...this.#keys, items: sent };
    const asked = { path: `/internal/batches/${command.name}`, body: envelope, bulk: true };
    try {
      const results = (await askNode(url, asked, this.#sender)) as ForwardedResult[];
      for (const [index, item] of items.entries()) {
        item.settle(results[index] ?? new LaneMovedError('The lane’s owner left an item out.'));
      }
    } catch (error) {
      for (const item of items) item.settle(error as Error);
    }
  }
}
