import { KeyUnknownError } from '../personal-text.ts';
import { Problem } from '../problems.ts';
import { personWithoutKey } from './sealing.ts';

export type WithKeys<T> = {
  decide(): Promise<T>;
  /** Has a key made for a person. */
  provide(userId: string): Promise<void>;
  /** Resolves once it is known whether this key is there. */
  settle(keyId: string): Promise<void>;
  /** When nothing is tried again any more: a `performance.now()`. */
  until: number;
};

/** How often a command waits for a key: each time, its person may be erased and come back. */
const tries = 5;

/**
 * Has a command decided that may write text, and again once its person has a key.
 * @throws Problem `part-away` if there is none in time.
 */
export async function decidedWithKeys<T>(given: WithKeys<T>): Promise<T> {
  const { decide, provide, settle, until } = given;
  for (let left = tries; ; left -= 1) {
    try {
      return await decide();
    } catch (error) {
      const person = personWithoutKey(error);
      const { cause } = error as Error;
      if (person === null && !(cause instanceof KeyUnknownError)) throw error;
      if (left > 0 && performance.now() < until) {
        await (person === null ? settle((cause as KeyUnknownError).keyId) : provide(person));
        continue;
      }
      if (person === null) throw error;
      // The text may be about somebody else, whose id is not the sender's business.
      throw new Problem('part-away', 'The key for this text is not made yet; try again.');
    }
  }
}
