import { describe, expect, it } from 'vitest';
import { userIdFault } from './user-id.ts';

describe('the id of a user', () => {
  it.each([
    ['of an issuer', 'auth0|5f7c8ec7c33c6c004bbafe82'],
    ['with a space inside', 'Ann Lee'],
    ['in Persian, with a joiner between its parts', 'علی\u200cرضا'],
    ['in Persian, with the joiner after a letter that joins none', 'محمد\u200cرضا'],
    ['in Persian, with vowel marks', 'عَلِی\u200cرضا'],
    ['in Sinhala', 'ශ්\u200dරී'],
    ['in Hindi', 'शक्\u200dति'],
    ['in Bengali', 'র\u200d্যাচেল'],
    ['in Malayalam', 'അവന്\u200d രാജൻ'],
    ['in Japanese, with a variant of a character', '葛\u{e0100}城'],
    ['in Mongolian', 'ᠠ\u180bᠨ'],
    ['in Korean', '김철수'],
    ['in Thai', 'สมชาย'],
    ['of emoji', '👩\u200d💻❤\ufe0f'],
    ['of 128 characters', '𝒜'.repeat(128)],
  ])('may be a name %s', (_, id) => {
    expect(userIdFault(id)).toBeNull();
  });

  it.each([
    ['nothing', '', /1 to 128/],
    ['too long', 'a'.repeat(129), /1 to 128/],
    ['a space at the beginning', ' alice', /space/],
    ['a no-break space at the end', 'alice\u00a0', /space/],
    ['a line break at the end', 'alice\n', /space/],
    ['spaces only', ' \u3000', /space/],
    ['another form of the same letters', 'Jose\u0301', /NFC/],
    ['a mark without a letter', '\u0301', /mark/],
    ['a joiner only', '\u200d', /U\+200D/],
    ['a joiner between Latin letters', 'ali\u200cce', /U\+200C/],
    ['a joiner before a name', '\u200cعلی', /U\+200C/],
    ['a joiner after a name', 'علی\u200c', /U\+200C/],
    ['two joiners', 'علی\u200c\u200cرضا', /U\+200C/],
    ['a zero-width space', 'ali\u200bce', /U\+200B/],
    ['a soft hyphen', 'ali\u00adce', /U\+00AD/],
    ['a change of direction', 'ali\u202ece', /U\+202E/],
    ['a filler', '\u3164', /U\+3164/],
    ['a blank of Braille', '\u2800', /U\+2800/],
    ['a variant of a Latin letter', 'a\ufe0f', /U\+FE0F/],
    ['a control character', 'a\0b', /U\+0000/],
    ['half a character', 'a\ud800', /U\+D800/],
  ])('must not be or have %s', (_, id, fault) => {
    expect(userIdFault(id)).toMatch(fault);
  });
});
