import { describe, expect, it } from 'vitest';
import { namesOf, numbers, positive, whole } from './options.ts';

describe('an option', () => {
  it('takes a whole number', () => {
    expect(whole('0')).toBe(0);
    expect(positive('12')).toBe(12);
  });

  it.each(['', '-1', '1.5', '1e3', 'many', '9007199254740993'])('refuses %j as one', (text) => {
    expect(() => whole(text)).toThrow('It has to be a whole number.');
  });

  it('refuses 0 where nothing would be measured', () => {
    expect(() => positive('0')).toThrow('It has to be above 0.');
  });

  it('takes numbers with commas between them', () => {
    expect(numbers('1,64,256')).toEqual([1, 64, 256]);
    expect(() => numbers('1,,2')).toThrow('It has to be a whole number.');
  });

  it('takes names that are known, and says which ones are', () => {
    expect(namesOf(['one', 'two'])('two,one')).toEqual(['two', 'one']);
    expect(() => namesOf(['one', 'two'])('two,three')).toThrow('three is none of: one, two.');
  });
});
