/** When a delivery that failed is tried again. */

export type RetryTimes = {
  /** The pause after the first try. */
  firstMs: number;
  /** After so long it is given up. */
  giveUpMs: number;
};

const longestPauseMs = 86_400_000;
/** While a webhook fails, it is tried at least once in this time. */
const longestRestMs = 3_600_000;

/**
 * @param tries that failed before this one.
 * @param triedSince when the first was due.
 * @returns the time of the next try; null after the last one.
 */
export function nextTryAt(
  { firstMs, giveUpMs }: RetryTimes,
  { tries, triedSince, now }: { tries: number; triedSince: number; now: number },
): number | null {
  const at = now + Math.min(firstMs * 4 ** tries, longestPauseMs);
  return at - triedSince > giveUpMs ? null : at;
}

/**
 * For how long the other deliveries of a webhook wait.
 * @param failures since it last took one, this one included.
 */
export const restMs = ({ firstMs }: Pick<RetryTimes, 'firstMs'>, failures: number): number =>
  Math.min(firstMs * 2 ** Math.min(failures - 1, 30), longestRestMs);
