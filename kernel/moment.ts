import { z } from 'zod';

const firstMs = Date.UTC(1, 0, 1);
const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * A time as clients may write it: RFC 3339 with any offset. It is parsed into UTC with
 * milliseconds, and that form into itself, so that requests with the same instant are the same.
 */
export const Moment = z.iso
  .datetime({ offset: true, error: 'must be a time, as in 2026-11-23T18:30:00Z' })
  .refine((text) => {
    const at = Date.parse(text);
    return at >= firstMs && at <= lastMs;
  }, 'must be in the years 1 to 9999')
  .transform((text) => new Date(text).toISOString())
  .meta({ format: 'date-time', examples: ['2026-11-23T18:30:00.000Z'] });

/** A time as answers give it: RFC 3339 in UTC with milliseconds. @param at ms since 1970. */
export const momentOf = (at: number): string => new Date(at).toISOString();
