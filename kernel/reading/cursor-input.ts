import { z } from 'zod';
import 'zod-openapi';

export const Limit = z
  .string()
  .regex(/^([1-9]\d?|100)$/, 'has to be a whole number from 1 to 100')
  .transform(Number)
  .default(20)
  .meta({
    description: 'How many items a page has.',
    override: ({ jsonSchema }) => {
      // A query parameter is text; clients should see the number that it stands for.
      delete jsonSchema.pattern;
      Object.assign(jsonSchema, { type: 'integer', minimum: 1, maximum: 100, default: 20 });
    },
  });

export const Cursor = z.string().max(4_000).optional().meta({
  description: '`next` of the page before, for the page after it.',
  pattern: '^[A-Za-z0-9_-]{1,4000}$',
});
