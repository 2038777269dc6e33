import type { RequestHandler } from 'express';
import type { Deprecation } from '../deprecation.ts';

/**
 * `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link` of a route.
 * @throws Error for a date that is none.
 */
export function deprecationHeaders({ since, sunset, link }: Deprecation): Record<string, string> {
  return {
    Deprecation: `@${Math.floor(dateOf(since).getTime() / 1_000)}`,
    ...(sunset !== undefined && { Sunset: dateOf(sunset).toUTCString() }),
    ...(link !== undefined && { Link: `<${link}>; rel="deprecation"` }),
  };
}

function dateOf(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new Error(`${text} is not a date.`);
  return date;
}

/** Comes before everything else of a route that is to go. */
export function announcing(deprecated: Deprecation | undefined): RequestHandler[] {
  if (!deprecated) return [];
  const headers = deprecationHeaders(deprecated);
  return [
    (_req, res, next) => {
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
      next();
    },
  ];
}
