/** How often a second, with one decimal; 0 where no time has passed, or a count began anew. */
export const perSecond = (count: number, ms: number): number =>
  ms <= 0 ? 0 : Math.round((Math.max(0, count) / ms) * 10_000) / 10;
