import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { WrittenLine, WrittenText } from './written-text.ts';

const messages = (schema: z.ZodType, text: unknown) =>
  schema.safeParse(text).error?.issues.map(({ message }) => message);

describe('a text', () => {
  it.each(['\r\n', '\r', '\n'])('is read with \\n for the line break %j', (lineBreak) => {
    expect(WrittenText(20).parse(`one${lineBreak}two${lineBreak}`)).toBe('one\ntwo');
  });

  it.each(['', ' ', '\u200b', '\u2060\ufeff', '\u3000', '\u2800', '\u00ad'])(
    'that shows nothing is empty: %j',
    (text) => {
      expect(messages(WrittenText(20), text)).toEqual(['must not be empty']);
      expect(messages(WrittenLine(20), text)).toEqual(['must not be empty']);
    },
  );

  it('keeps joiners and marks between what is seen', () => {
    const family = '👨\u200d👩\u200d👧 می\u200cخواهم';
    expect(WrittenLine(20).parse(family)).toBe(family);
  });

  it('has as many characters as people and JSON Schema count', () => {
    expect(WrittenLine(5).safeParse('🎬'.repeat(5)).success).toBe(true);
    expect(messages(WrittenLine(5), '🎬'.repeat(6))).toEqual(['must have at most 5 characters']);
  });
});

describe.each([
  ['line', WrittenLine(10)],
  ['text', WrittenText(10)],
])('the documented pattern of a %s', (_, schema) => {
  const { pattern } = z.toJSONSchema(schema, { io: 'input' });
  const documented = new RegExp(pattern as string);
  const isDocumented = new RegExp(pattern as string, 'u');

  it('has no character classes that generators of clients may not know', () => {
    expect(pattern).not.toMatch(/\\[pPwWsSdD]/);
  });

  it('matches the texts that are taken, of characters of three planes', () => {
    const differing: string[] = [];
    for (let code = 0; code < 0xd800; code += 1) compare(code);
    for (let code = 0xe000; code <= 0x1ffff; code += 1) compare(code);
    for (let code = 0xe0000; code <= 0xe0fff; code += 1) compare(code);
    expect(differing).toEqual([]);

    function compare(code: number) {
      const character = String.fromCodePoint(code);
      for (const text of [character, `a${character}b`]) {
        const isTaken = schema.safeParse(text).success;
        if (documented.test(text) === isTaken && isDocumented.test(text) === isTaken) continue;
        differing.push(code.toString(16));
      }
    }
  });
});
