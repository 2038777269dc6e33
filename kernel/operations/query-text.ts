import { z } from 'zod';

/** No request may have control characters in its path or query. */
export const controls = '\\u0000-\\u001f\\u007f-\\u009f';
const pattern = `^[^${controls}]*$`;

/** Text that is looked for. */
export const queryText = (least: number, description?: string) =>
  z
    .string()
    .min(least)
    .max(500)
    .meta({ ...(description && { description }), pattern });
