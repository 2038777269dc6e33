import { Problem } from '../problems.ts';

/**
 * Lanes that left a command waiting until it was refused. From then on one command at a time waits
 * for such a lane, and all others are refused at once, until the lane answers.
 */
export class LaneOutages {
  /** Whether a command waits for the lane now, by lane. */
  readonly #away = new Map<number, boolean>();

  /** @throws Problem `part-away`, at once, or what `work` throws. */
  async watch<T>(lane: number, work: () => Promise<T>): Promise<T> {
    const wasAway = this.#away.has(lane);
    if (this.#away.get(lane)) throw away();
    if (wasAway) this.#away.set(lane, true);
    try {
      const result = await work();
      this.#away.delete(lane);
      return result;
    } catch (error) {
      const code = error instanceof Problem ? error.code : '';
      // Another node that knows of the outage refuses at once; this one may not have noticed it.
      const isAway = code === 'lane-unavailable' || (wasAway && code === 'part-away');
      if (!isAway) this.#away.delete(lane);
      // Commands that began to wait before the outage was known leave the one that waits now alone.
      else if (wasAway || !this.#away.has(lane)) this.#away.set(lane, false);
      throw error;
    }
  }
}

const away = () =>
  new Problem(
    'part-away',
    'What decides this has not answered for a while; try again in a moment.',
  );
