/**
 * User ids stand in streams and events for ever, and people read them. So one that looks like
 * another, because of something invisible in it, is refused. Ids are never changed, not even into
 * a normal form: two users of an issuer would become one, or a user would lose their streams.
 */

const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** The marks of Indic scripts that take the vowel from a letter, which then joins the next. */
const viramas = '\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca';

/** Invisible characters where writing needs them. */
const needed = new RegExp(
  [
    // Persian and others: between the parts of a name.
    '(?<=[\\p{scx=Arab}&&[\\p{L}\\p{M}]])\\u200c(?=[\\p{scx=Arab}&&\\p{L}])',
    // Indic scripts: how two letters join.
    `(?<=[${viramas}])[\\u200c\\u200d](?=\\p{L})`,
    // Bengali ra before ya, and the last letter of many names in Malayalam.
    '(?<=\\p{L})\\u200d(?=\\u09cd)|(?<=\\u0d4d)\\u200d',
    // Forms of letters in Mongolian and of characters in Japanese names.
    '(?<=\\p{sc=Mong})[\\u180b-\\u180d\\u180f]|(?<=\\p{sc=Han})[\\u{e0100}-\\u{e01ef}]',
    '\\p{RGI_Emoji}',
  ].join('|'),
  'gv',
);

/** What is wrong with a user's id, as the end of a sentence; null for a good one. */
export function userIdFault(id: string): string | null {
  const length = [...id].length;
  if (length < 1 || length > 128) return 'has to be 1 to 128 characters';
  if (id.trim() !== id) return 'must not begin or end with a space';
  if (id.normalize() !== id) return 'has to be in the normal form C of Unicode (NFC)';
  if (/^\p{M}/u.test(id)) return 'must not begin with a mark that belongs on a letter';
  const found = invisible.exec(id.replaceAll(needed, ''))?.[0].codePointAt(0);
  if (found === undefined) return null;
  const name = found.toString(16).toUpperCase().padStart(4, '0');
  return `must not have the invisible character U+${name} where it stands`;
}
