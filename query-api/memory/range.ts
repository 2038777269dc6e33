import { z } from 'zod';

/** From and to, both included; null is open. */
export type Range = { from: number | null; to: number | null };

const number = String.raw`[0-9]{1,9}(\.[0-9]{1,9})?`;
const pattern = `^(${number}|${number}-(${number})?|-${number})$`;
const ranges = new RegExp(pattern);

function rangeOf(text: string): Range | null {
  if (!ranges.test(text)) return null;
  const [from, to = from] = text.split('-').map((part) => (part === '' ? null : Number(part)));
  return { from: from ?? null, to: to ?? null };
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
  .meta({ pattern, description: 'From-to, both included, either may be left out; or one number.' });
