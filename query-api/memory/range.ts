import { z } from 'zod';

/** From and to, both included; null is open. */
export type Range = { from: number | null; to: number | null };

const number = String.raw`(\d{1,9}(?:\.\d{1,9})?)`;
const ranges = new RegExp(`^(?:${number}|${number}?-${number}?)$`);

function rangeOf(text: string): Range | null {
  const [, exactly, from, to] = ranges.exec(text) ?? [];
  if (exactly !== undefined) return { from: Number(exactly), to: Number(exactly) };
  if (from === undefined && to === undefined) return null;
  return { from: from ? Number(from) : null, to: to ? Number(to) : null };
}

/** A query parameter like `2010-2016`, `7.5-`, `-90` or `2014`. */
export const RangeText = z
  .string()
  .transform((text, context): Range => {
    const range = rangeOf(text);
    if (!range) context.addIssue('has to be like 2010-2016, 7.5-, -90 or 2014');
    else if (range.from !== null && range.to !== null && range.from > range.to) {
      context.addIssue('has to go from the lower to the higher number');
    }
    return range ?? { from: null, to: null };
  })
  .meta({ description: 'From-to, both included, either may be left out; or one number.' });
