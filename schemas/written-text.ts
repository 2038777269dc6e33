import { z } from 'zod';
import { required } from './required.ts';

/** Spelled out, since many generators of clients don't know classes such as `\p{Cc}`. */
const control = String.raw`\u0000-\u001f\u007f-\u009f`;
const controlInText = String.raw`\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f`;
/** Characters that show nothing: spaces, and those that are ignored where a font lacks them. */
const unseen = [
  String.raw`\u0009-\u000d\u0020\u0085\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5`,
  String.raw`\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164`,
  String.raw`\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8`,
].join('');
/**
 * Made of the same list as the documented patterns, so that both agree. Invisible characters beyond
 * U+FFFF are not in it: a pattern can't name them for readers with and without the `u` flag.
 */
const seen = new RegExp(`[^${unseen}]`);

const patternOf = (refused: string) => `^[^${refused}]*[^${refused}${unseen}][^${refused}]*$`;

/** What JSON Schema says of a line of text with at least one character that shows something. */
export const lineSchema = (maximum: number) => ({
  ...{ minLength: 1, maxLength: maximum },
  pattern: patternOf(control),
});

const namePattern = `[^${control},]*[^${control}${unseen},][^${control},]*`;

/** What JSON Schema says of up to so many names with commas between them. */
export const namesSchema = (most: number) => ({
  pattern: `^${namePattern}(,${namePattern}){0,${most - 1}}$`,
});

/** Whether a text shows nothing. */
export const isBlank = (text: string): boolean => !seen.test(text);

/** Characters are counted as JSON Schema counts them, so that 🎬 is one. */
export const hasAtMost = (maximum: number) => (text: string) =>
  text.length <= maximum || [...text].length <= maximum;

const text = (maximum: number, asWritten = (text: string) => text) =>
  z
    .string(required('must be text'))
    .overwrite(asWritten)
    .trim()
    .refine((text) => !isBlank(text), { error: 'must not be empty', abort: true })
    .refine(hasAtMost(maximum), `must have at most ${maximum} characters`);

/** One line of text by a person, without control characters and halves of surrogate pairs. */
export const WrittenLine = (maximum: number) =>
  text(maximum)
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'must not contain control characters')
    .meta(lineSchema(maximum));

const withNewlines = (text: string) => text.replaceAll(/\r\n?/g, '\n');

/**
 * Text by a person: of the control characters it may have only line breaks and tabs. Line breaks
 * of all systems are read as `\n`.
 */
export const WrittenText = (maximum: number) =>
  text(maximum, withNewlines)
    .refine(
      (text) => /^(?:[^\p{Cc}\p{Cs}]|[\n\t])*$/u.test(text),
      'must not contain control characters but line breaks and tabs',
    )
    .meta({ ...lineSchema(maximum), pattern: patternOf(controlInText) });
