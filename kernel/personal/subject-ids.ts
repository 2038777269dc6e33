import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { InDoubtError, LogUnavailableError } from '../log/log.ts';
import { Problem } from '../problems.ts';
import type { KeyRing } from './key-ring.ts';

/** Says by which id a token's `sub` is known in this system. */
export type SubjectIds = {
  /** Undefined unless it is known without asking. */
  known(sub: string): string | undefined;
  idOf(sub: string): Promise<string>;
};

/**
 * For services that append: each `sub` gets an id with its first request. What was erased before a
 * request came is known to be erased.
 */
export function givenIds(ring: KeyRing): SubjectIds {
  const giving = new Map<string, Promise<void>>();
  const give = async (sub: string): Promise<void> => {
    const userId = randomUUID();
    try {
      await ring.giveId({ sub, userId });
      // Another node was faster, and this one is unused.
      if (ring.subjects.idOf(sub) !== userId) await ring.takeId({ sub, userId });
    } catch (cause) {
      const isAway = cause instanceof LogUnavailableError || cause instanceof InDoubtError;
      if (!isAway) throw cause;
      throw new Problem('part-away', 'The ids of users are out of reach; try again.', { cause });
    }
  };
  return {
    known: () => undefined,
    async idOf(sub) {
      await ring.caughtUp();
      for (;;) {
        const userId = ring.subjects.idOf(sub);
        if (userId !== undefined) return userId;
        const going = giving.get(sub) ?? give(sub).finally(() => giving.delete(sub));
        giving.set(sub, going);
        await going;
      }
    },
  };
}

/** For services that only read: who has sent no command yet gets an id that nothing is known of. */
export function readIds(ring: KeyRing): SubjectIds {
  const secret = randomBytes(32);
  const known = (sub: string) => ring.subjects.idOf(sub);
  return {
    known,
    async idOf(sub) {
      if (known(sub) === undefined) await ring.caughtUp();
      return known(sub) ?? `nobody-${createHmac('sha256', secret).update(sub).digest('hex')}`;
    },
  };
}
