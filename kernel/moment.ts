import { z } from 'zod';

const earliestMs = Date.parse('0001-01-01T00:00:00Z');
const latestMs = Date.parse('9999-12-31T23:59:59.999Z');

const Written = z.iso.datetime({ offset: true });

/**
 * A time as clients may write it: RFC 3339 with any offset. It is parsed into UTC with
 * milliseconds, and that form into itself, so that requests with the same instant are the same.
 */
export const Moment = z
  .string({ error: ({ input }) => (input === undefined ? 'is required' : unreadable) })
  .transform((text, context) => {
    // RFC 3339 allows small letters too.
    const written = Written.safeParse(text.toUpperCase());
    const at = written.success ? Date.parse(written.data) : Number.NaN;
    if (at >= earliestMs && at <= latestMs) return momentOf(at);
    context.addIssue(Number.isNaN(at) ? unreadable : 'must be in the years 1 to 9999');
    return z.NEVER;
  })
  // Of a transformed value, the generators can't tell the type by themselves.
  .meta({ type: 'string', format: 'date-time', examples: ['2026-11-23T18:30:00.000Z'] });

const unreadable = 'must be a time, as in 2026-11-23T18:30:00Z';

/** A time as answers give it: RFC 3339 in UTC with milliseconds. @param at ms since 1970. */
export const momentOf = (at: number): string => new Date(at).toISOString();
