import { describe, expect, it } from 'vitest';
import { Moment } from './moment.ts';

describe('a time', () => {
  it.each([
    ['2026-11-23T18:30:00Z', '2026-11-23T18:30:00.000Z'],
    ['2026-11-23t18:30:00.5z', '2026-11-23T18:30:00.500Z'],
    ['2026-11-23T18:30:00+05:30', '2026-11-23T13:00:00.000Z'],
    ['1895-12-28T20:00:00Z', '1895-12-28T20:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is read as %s', (text, read) => {
    expect(Moment.parse(text)).toBe(read);
    expect(Moment.parse(read)).toBe(read);
  });

  it.each([
    ['tomorrow', 'must be a time, as in 2026-11-23T18:30:00Z'],
    ['2026-11-23', 'must be a time, as in 2026-11-23T18:30:00Z'],
    ['2026-02-30T00:00:00Z', 'must be a time, as in 2026-11-23T18:30:00Z'],
    ['0001-01-01T00:00:00+01:00', 'must be in the years 1 to 9999'],
    [null, 'must be a time, as in 2026-11-23T18:30:00Z'],
    [undefined, 'is required'],
  ])('%j gets one error', (text, message) => {
    expect(Moment.safeParse(text).error?.issues.map((issue) => issue.message)).toEqual([message]);
  });
});
