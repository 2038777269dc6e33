import { expect, it } from 'vitest';
import { filterText, parsed } from './filter.ts';

const page = { known: ['type', 'user', 'from'], bare: 'type', clock: 'utc' } as const;

it('a filter is read from its text, in quotes or not, and written as that', () => {
  const { filter, problem } = parsed('VoteCast user:"ann b"', page);
  expect([filter, problem]).toEqual([{ type: 'VoteCast', user: 'ann b' }, null]);
  expect(filterText(filter)).toBe('type:VoteCast user:"ann b"');
});

it('a field that the page doesn’t take is refused, with those that it takes', () => {
  expect(parsed('lane:3', page).problem).toBe(
    "“lane” can't be asked for here: type, user, from can.",
  );
});

it.each([
  ['2026-11-24', '2026-11-24T00:00:00.000Z'],
  ['2026-11-24T18:30', '2026-11-24T18:30:00.000Z'],
  ['2026-11-24T18:30:05Z', '2026-11-24T18:30:05.000Z'],
  ['2026-11-24T18:30+02:00', '2026-11-24T16:30:00.000Z'],
  ['yesterday', 'yesterday'],
])('from:%s is asked for as %s', (text, from) => {
  expect(parsed(`from:${text}`, page).filter).toEqual({ from });
});

it('a time without a zone is one of the clock that is shown', () => {
  const local = new Date('2026-11-24T18:30').toISOString();
  expect(parsed('from:2026-11-24T18:30', { ...page, clock: 'local' }).filter.from).toBe(local);
});
