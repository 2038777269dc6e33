/** Amounts as people read them. */

export const whole = (count: number): string => Math.round(count).toLocaleString('en');

/** A duration as people say it. */
export function spoken(seconds: number): string {
  if (seconds < 0.05) return '0 s';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3_600)} h`
    : `${Math.round(seconds / 86_400)} days`;
}

export const perSecond = (rate: number): string =>
  `${rate > 0 && rate < 10 ? rate.toFixed(1) : whole(rate)}/s`;
