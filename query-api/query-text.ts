import { z } from 'zod';
import { folded } from '#schemas/movies/text-keys.ts';
import { hasAtMost, isBlank, lineSchema } from '#schemas/written-text.ts';

/** Text to look for; case and accents don't matter. */
export const QueryText = (maximum: number) =>
  z
    .string()
    .refine(hasAtMost(maximum), `must have at most ${maximum} characters`)
    // Accents alone would match everything.
    .refine((text) => !isBlank(text) && folded(text) !== '', 'must not be empty')
    .meta(lineSchema(maximum));
