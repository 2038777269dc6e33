import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operator } from '../auth/roles.ts';
import { defineSettings } from '../config.ts';
import { projection } from '../projection.ts';
import { query } from '../query.ts';
import { reactor } from '../reactor.ts';
import type { AvroRecord } from '../schemas/event-schema.ts';
import { view } from '../view.ts';
import { projectorService, queryService, reactorService } from './service.ts';

const basics = {
  ...{ name: 'test', settings: defineSettings({}), port: () => 0 },
  operationsPort: () => 0,
  schemas: [{ context: 'shelves', type: 'ShelfFilled', schema: {} as AvroRecord }],
};
const shelves = view({ name: 'shelves', version: 1, topics: ['shelves'], indexes: [] });
const named = (name: string, route: `GET /${string}`) =>
  query({
    ...{ name, route, summary: 'What is there', views: [shelves] },
    ...{ input: z.object({}), example: {} },
    ...{ output: z.int(), answer: async () => 1 },
  });

describe('a service is refused with', () => {
  it('two queries of one name, or one route', () => {
    const queries = [named('shelf', 'GET /shelf'), named('shelf', 'GET /other')];
    expect(() => queryService({ ...basics, queries })).toThrow('two queries shelf;');
    const routes = [named('shelf', 'GET /shelf'), named('other', 'GET /shelf')];
    expect(() => queryService({ ...basics, queries: routes })).toThrow('two routes GET /shelf;');
  });

  it('two projections into one view', () => {
    const one = projection()({ view: shelves, id: () => 'all', when: {} });
    const two = projection()({ view: { ...shelves }, id: () => 'all', when: {} });
    const projections = [one, two];
    expect(() => projectorService({ ...basics, projections })).toThrow('two views shelves;');
  });

  it('two reactors of one name', () => {
    const one = reactor({ name: 'clock', topic: 'shelves', roles: [operator], when: {} });
    const reactors = [one, { ...one }];
    const commandUrl = () => 'http://127.0.0.1';
    expect(() => reactorService({ ...basics, reactors, commandUrl })).toThrow('reactors clock;');
  });

  it('a topic that no event schema has', () => {
    const other = view({ name: 'other', version: 1, topics: ['shelfs'], indexes: [] });
    const projections = [projection()({ view: other, id: () => 'all', when: {} })];
    expect(() => projectorService({ ...basics, projections })).toThrow(
      'The view other has the topic shelfs, of which no event schema is loaded; known: shelves.',
    );
    const reactors = [reactor({ name: 'clock', topic: 'clocks', roles: [operator], when: {} })];
    const commandUrl = () => 'http://127.0.0.1';
    expect(() => reactorService({ ...basics, reactors, commandUrl })).toThrow('topic clocks');
  });

  it('a route parameter that its input lacks', () => {
    const queries = [named('shelf', 'GET /shelves/:shelfId')];
    expect(() => queryService({ ...basics, queries })).toThrow(
      'shelf: the route has :shelfId, but the input has no such field: none.',
    );
  });
});
