import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isGuessable } from './secret-strength.ts';

describe('a secret', () => {
  it.each([
    ['one character', 'a'.repeat(32)],
    ['few characters', 'aabbabbaabbaabababbababababaabba'],
    ['a repeated word', 'changing'.repeat(5).slice(0, 35)],
    ['the alphabet', 'abcdefghijklmnopqrstuvwxyzabcdef'],
    ['the digits, and the alphabet backwards', '0123456789zyxwvutsrqponmlkjihgfedcba'],
    ['the default of an earlier release', 'only-for-this-machine-and-known-to-everybody'],
    ['the example of jwt.io', 'a-string-secret-at-least-256-bits-long'],
    ['the example of Supabase', 'your-super-secret-jwt-token-with-at-least-32-characters-long'],
    ['the example of FastAPI', '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7'],
    ['a placeholder', 'please-change-this-in-production-soon'],
  ])('that is %s is guessable', (_, secret) => {
    expect(isGuessable(secret)).toBe(true);
  });

  it.each([
    ['32 random hexadecimal digits', () => randomBytes(16).toString('hex')],
    ['random base64', () => randomBytes(32).toString('base64')],
    ['two UUIDs', () => randomUUID() + randomUUID()],
  ])('of %s is not', (_, make) => {
    for (let n = 0; n < 1_000; n += 1) {
      const secret = make();
      expect(isGuessable(secret), secret).toBe(false);
    }
  });

  it('of eight words is not', () => {
    expect(isGuessable('copper violin eleven harbour quiz meadow fox lantern')).toBe(false);
  });
});
