import { reject } from '@event-sourced/kernel/aggregate';
import type { Millis } from '@event-sourced/kernel/event';
import { itemOutdated } from '#schemas/changed-at.ts';

/**
 * When a change was made, if its client said so, for the event. A clock may be a little ahead, but
 * no change is made later than now.
 * @param last when what is there was changed last; null if never.
 * @throws Problem `item-outdated` unless the change is later than that.
 */
export function changedAfter(
  changedAt: string | undefined,
  last: Millis | null,
  now: Millis,
): Millis | null {
  if (changedAt === undefined) return null;
  const at = Math.min(Date.parse(changedAt), now);
  if (last === null || at > last) return at;
  return reject(itemOutdated, 'What is there was changed at the same time or later.');
}
