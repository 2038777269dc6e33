import { describe, expect, it } from 'vitest';
import type { Lanes } from '../system.ts';
import { graphOf } from './graph.ts';

type Node = Lanes['nodes'][number];
const at = '2026-01-01T00:00:00.000Z';

const node = (url: string, ...roles: string[]): Node => ({
  ...{ url, roles, ready: true, reached: true, trouble: null },
});
const worker = node('http://joe', 'event-index', 'replay-worker');

/** What the picture says of replay workers. */
const workers = (...nodes: Node[]) => {
  const { groups } = graphOf({
    ...{ projections: { at, items: [], asOfs: [] }, before: null },
    ...{ lanes: { at, items: [], nodes }, reactors: { at, items: [] } },
  });
  return groups
    .flatMap(({ boxes }) => boxes)
    .filter(({ label }) => label === 'replay-worker')
    .map(({ says, tone }) => `${says}, ${tone}`);
};

describe('the picture of the system', () => {
  it('shows the replay worker that does jobs, and those that stand by', () => {
    const others = node('http://ann', 'writer');
    expect(workers(others, worker, node('http://jim', 'event-index'))).toEqual([
      ...['does jobs, good', 'stands by, good'],
    ]);
  });

  it('shows one that gives no answer', () => {
    expect(workers({ ...worker, ready: false, reached: false })).toEqual(['gives no answer, bad']);
  });

  it('shows that nobody does jobs, even if somebody indexes events', () => {
    expect(workers()).toEqual(['nobody does jobs, bad']);
    expect(workers(node('http://jim', 'event-index'))).toEqual([
      ...['stands by, good', 'nobody does jobs, bad'],
    ]);
  });
});
