import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventId } from '../event.ts';
import {
  erasedText,
  KeyUnknownError,
  type KnownKey,
  openedText,
  registerKeys,
  sameText,
  unreadableText,
} from '../personal-text.ts';
import {
  isGuessableMasterKey,
  MasterKeyMissingError,
  MasterKeys,
  masterKeysIn,
} from './master-keys.ts';
import { PersonKey, sealedFor, TamperedTextError } from './person-key.ts';
import { isSameRequest } from './sealing.ts';

const newKey = () => new PersonKey(randomUUID(), randomBytes(32));
const text = fc.string({ unit: 'grapheme', maxLength: 200 });
const sequence = fc.nat();

describe('a text sealed with a person’s key', () => {
  it('is opened by the same key, and says which event it was written for', () => {
    const key = newKey();
    fc.assert(
      fc.property(text, sequence, (given, number) => {
        const id = eventId('notes/ann', number);
        const sealed = key.seal(given, id);
        expect(key.open(sealed)).toBe(given);
        expect(sealedFor(sealed)).toBe(id);
      }),
    );
  });

  it('does not contain its text, and differs each time', () => {
    const key = newKey();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 8 }), (given) => {
        const [one, two] = [key.seal(given, randomUUID()), key.seal(given, randomUUID())];
        expect(one.body.includes(Buffer.from(given))).toBe(false);
        const digest = 16;
        expect(one.body.subarray(digest).equals(two.body.subarray(digest))).toBe(false);
      }),
    );
  });

  it('is not opened once any bit of it was changed', () => {
    const key = newKey();
    fc.assert(
      fc.property(text, fc.nat(), fc.boolean(), (given, at, inNonce) => {
        const sealed = key.seal(given, randomUUID());
        const bytes = inNonce ? sealed.nonce : sealed.body;
        const index = at % bytes.length;
        bytes[index] = (bytes[index] as number) ^ (1 << (at % 8));
        expect(() => key.open(sealed)).toThrow(TamperedTextError);
      }),
    );
  });

  it('is not opened by another person’s key, nor by the same bytes under another id', () => {
    const material = randomBytes(32);
    const key = new PersonKey('one', material);
    const sealed = key.seal('With Grace', randomUUID());
    expect(() => newKey().open(sealed)).toThrow(TamperedTextError);
    expect(() => new PersonKey('two', material).open(sealed)).toThrow(TamperedTextError);
  });

  it('is cut short without an error of another kind', () => {
    const key = newKey();
    const { nonce, body } = key.seal('With Grace', randomUUID());
    for (let end = 0; end < body.length; end += 1) {
      expect(() => key.open({ nonce, body: body.subarray(0, end) })).toThrow(TamperedTextError);
    }
  });
});

describe('what this process knows of keys', () => {
  const knownKeys = new Map<string, KnownKey>();
  let unreadable: string[] = [];
  let forget = () => {};
  beforeEach(() => {
    knownKeys.clear();
    unreadable = [];
    forget = registerKeys({
      find: (keyId) => knownKeys.get(keyId),
      unreadable: (_, reason) => unreadable.push(reason),
    });
  });
  afterEach(() => forget());

  it('tells whether a text is the same, without opening it, while the key is there', () => {
    const key = newKey();
    knownKeys.set(key.id, key);
    fc.assert(
      fc.property(text, text, (one, two) => {
        const sealed = key.seal(one, randomUUID());
        expect(sameText(sealed, one)).toBe(true);
        expect(sameText(sealed, two)).toBe(one === two);
      }),
    );
  });

  it('confirms neither a text nor a request once the key is destroyed', () => {
    const key = newKey();
    const sealed = key.seal('With Grace', randomUUID());
    const stored = `${key.id}:${key.requestHash('h1')}`;
    knownKeys.set(key.id, key);
    expect([isSameRequest(stored, 'h1'), isSameRequest(stored, 'h2')]).toEqual([true, false]);
    knownKeys.set(key.id, 'erased');
    expect(openedText(sealed)).toBe(erasedText);
    expect(sameText(sealed, 'With Grace')).toBe(false);
    expect([isSameRequest(stored, 'h1'), isSameRequest(stored, 'h2')]).toEqual([true, true]);
  });

  it('does not take a key that is unknown, locked or lost for a destroyed one', () => {
    const key = newKey();
    const sealed = key.seal('With Grace', randomUUID());
    expect(() => openedText(sealed)).toThrow(KeyUnknownError);
    expect(() => sameText(sealed, 'With Grace')).toThrow(KeyUnknownError);
    knownKeys.set(key.id, 'locked');
    expect(() => openedText(sealed)).toThrow('MASTER_KEY');
    knownKeys.set(key.id, 'missing');
    expect(openedText(sealed)).toBe(unreadableText);
    expect(sameText(sealed, 'With Grace')).toBe(false);
    expect(unreadable).toEqual(['key-missing']);
  });

  it('shows no list as broken because one text was changed in the database', () => {
    const key = newKey();
    knownKeys.set(key.id, key);
    const sealed = key.seal('With Grace', randomUUID());
    sealed.body[20] = (sealed.body[20] as number) ^ 1;
    expect(openedText(sealed)).toBe(unreadableText);
    expect(unreadable).toEqual(['tampered']);
  });

  it('finds a key in any of the topics that it follows', () => {
    const key = newKey();
    const forgetOther = registerKeys({ find: () => 'missing', unreadable: () => {} });
    knownKeys.set(key.id, key);
    expect(openedText(key.seal('With Grace', randomUUID()))).toBe('With Grace');
    forgetOther();
  });
});

describe('master keys', () => {
  const [older, newer] = [randomBytes(32), randomBytes(32)];

  it('unwrap what the first of them, or a former one, has wrapped', () => {
    const material = randomBytes(32);
    const before = new MasterKeys([older]).wrap('k1', material);
    const after = new MasterKeys([newer, older]).wrap('k1', material);
    const both = new MasterKeys([newer, older]);
    expect([both.unwrap('k1', before), both.unwrap('k1', after)]).toEqual([material, material]);
    expect(() => new MasterKeys([newer]).unwrap('k1', before)).toThrow(MasterKeyMissingError);
    expect(new MasterKeys([newer]).unwrap('k1', after)).toEqual(material);
  });

  it('do not unwrap a key under another id', () => {
    const masters = new MasterKeys([older]);
    const wrapped = masters.wrap('k1', randomBytes(32));
    expect(() => masters.unwrap('k2', wrapped)).toThrow();
  });

  it('are read from a setting, 32 bytes each', () => {
    const setting = [newer.toString('base64'), older.toString('base64url')].join(', ');
    expect(masterKeysIn(setting)).toEqual([newer, older]);
    expect(masterKeysIn('short')).toBeNull();
    expect(masterKeysIn(`${newer.toString('base64')},`)).toBeNull();
  });

  it.each([
    ['zeros', Buffer.alloc(32)],
    ['one byte', Buffer.alloc(32, 0xa5)],
    ['a few bytes, over and over', Buffer.alloc(32, 'abc')],
    ['all bytes from 0 on', Buffer.from(Array.from({ length: 32 }, (_, at) => at))],
    ['a placeholder', Buffer.from('please-change-me-in-production!!')],
    ['text that happens to be Base64', Buffer.from('my-secret-key-'.padEnd(43, 'x'), 'base64')],
  ])('are guessable if they are %s, in either spelling', (_, key) => {
    for (const spelling of ['base64', 'base64url'] as const) {
      expect(isGuessableMasterKey(key.toString(spelling)), spelling).toBe(true);
    }
  });

  it('are not guessable if they are random, and a former one may be until it is rotated', () => {
    for (let n = 0; n < 1_000; n += 1) {
      const key = randomBytes(32).toString('base64');
      expect(isGuessableMasterKey(key), key).toBe(false);
    }
    const zeros = Buffer.alloc(32).toString('base64');
    expect(isGuessableMasterKey(`${newer.toString('base64')}, ${zeros}`)).toBe(false);
    expect(isGuessableMasterKey(`${zeros},${newer.toString('base64')}`)).toBe(true);
  });
});
