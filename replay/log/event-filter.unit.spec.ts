import { describe, expect, it } from 'vitest';
import type { Entry } from '#kernel/operations/log-entries.ts';
import { examplesOf } from '#kernel/schemas/load-schemas.ts';
import { contexts, eventSchemas, schemas } from '#schemas/load.ts';
import { examples as ranking } from '#schemas/ranking/examples.ts';
import { eventFilter, type FilterOptions } from './event-filter.ts';

const examples = await examplesOf(schemas);

const names = contexts.join(', ');
const types = eventSchemas.map(({ type }) => type).sort();

const recordAt = (timestamp: number) => ({
  ...{ topic: 'x', lane: 0, offset: 0, key: null, value: null, headers: {} },
  timestamp,
});
const all = [...examples.values()];
const entryOf = (event: (typeof all)[number]): Entry => ({
  ...{ record: recordAt(event.meta.time), context: 'x', event, undecodable: null },
});
const undecodableAt = (time: string): Entry => ({
  ...{ record: recordAt(Date.parse(time)), context: 'x', event: null, undecodable: 'poison' },
});
const matched = (options: FilterOptions) =>
  all.filter((event) => eventFilter(options).matches(entryOf(event)));
const typesOf = (events: typeof all) => events.map(({ type }) => type);

describe('a filter', () => {
  it.each<[FilterOptions, string[]]>([
    [{ type: ['VoteCast', 'TicketClosed'] }, ['VoteCast', 'TicketClosed']],
    [{ from: '2026-03-09', until: '2026-03-09T07:45:00.001Z' }, []],
    [{ user: 'scraper', until: '2026-03-02' }, ['MovieAdded']],
    [{ user: 'scraper', until: '2026-03-01T10:00:00.001+01:00' }, ['MovieAdded']],
    [{ user: 'scraper', until: '2026-03-01T10:00:00.000+01:00' }, []],
    [{ correlation: 'another' }, []],
    [{ correlation: ranking.VoteCast.meta.correlationid, type: ['VoteCast'] }, ['VoteCast']],
  ])('%j lets through the events it names', (options, types) => {
    expect(typesOf(matched(options)).sort()).toEqual([...types].sort());
  });

  it.each<[FilterOptions, string]>([
    [{ stream: 'm87/alice' }, 'VoteRetracted'],
    [{ stream: 'reminders/alice', movie: 'm87' }, 'WatchRemoved'],
  ])('%j lets through all events of the stream, such as %s', (options, one) => {
    const expected = all.filter(({ meta }) => meta.subject === options.stream);
    expect(matched(options)).toEqual(expected);
    expect(typesOf(expected)).toContain(one);
  });

  it('finds a user in the data of events and as their actor', () => {
    for (const user of ['alice', 'sam']) {
      const expected = all.filter(({ data, meta }) => {
        const { userId, by } = data as { userId?: string; by?: string };
        return [meta.actor, userId, by].includes(user);
      });
      expect(matched({ user })).toEqual(expected);
    }
  });

  it('lets an undecodable record through if its time is in range', () => {
    const filter = eventFilter({ user: 'alice', from: '2026-03-02', until: '2026-03-03' });
    expect(filter.matches(undecodableAt('2026-03-02T12:00:00Z'))).toBe(true);
    expect(filter.matches(undecodableAt('2026-03-03T00:00:00Z'))).toBe(false);
  });

  it('reads only the topics of its types', () => {
    expect(eventFilter({}).contexts).toEqual(contexts);
    expect(eventFilter({ type: ['VoteCast', 'MovieAdded'] }).contexts).toEqual([
      'movies',
      'ranking',
    ]);
    expect(eventFilter({ topic: ['support', 'movies'] }).contexts).toEqual(['movies', 'support']);
  });

  it('has the same text as a filter that selects the same events', () => {
    expect(eventFilter({}).text).toBe('');
    expect(eventFilter({ topic: ['movies'] }).text).toBe('');
    const one = eventFilter({ type: ['VoteRetracted', 'VoteCast'], from: '2026-03-02' });
    const other = eventFilter({
      type: ['VoteCast', 'VoteRetracted'],
      from: '2026-03-02T00:00:00Z',
    });
    expect(one.text).toBe(other.text);
    expect(one.text).not.toBe(eventFilter({ type: ['VoteCast'], from: '2026-03-02' }).text);
  });

  it.each<[FilterOptions, string]>([
    [{ topic: ['votes'] }, `--topic votes: there is only ${names}.`],
    [{ type: ['Voted'] }, `--type Voted: there is only ${types.join(', ')}.`],
    [{ topic: ['movies'], type: ['VoteCast'] }, 'No event of --type is in a topic of --topic'],
    [{ from: 'yesterday' }, '--from yesterday is no time, as 2026-11-24'],
    [{ from: '2026-11-24', until: '2026-11-23' }, '--from has to be before --until.'],
  ])('%j is refused', (options, message) => {
    expect(() => eventFilter(options)).toThrow(message);
  });
});
