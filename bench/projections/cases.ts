import type { ViewName, Way } from './way.ts';

/** Of the votes: all of them, fewer for what is slower, and fewest for the peer. */
export type LogName = 'votes' | 'live' | 'peer';

export type Case = { way: Way; view: ViewName; log: LogName };

/** What is measured in each round, in this order: what is compared stands side by side. */
export const cases = {
  'read and decode': { way: 'decode', view: 'rankings', log: 'votes' },
  'consume with the libraries': { way: 'consumeWithLibraries', view: 'rankings', log: 'votes' },
  'rebuild rankings': { way: 'rebuildView', view: 'rankings', log: 'votes' },
  'rebuild votes': { way: 'rebuildView', view: 'votes', log: 'votes' },
  'insert the same votes': { way: 'insertSame', view: 'votes', log: 'votes' },
  'live rankings': { way: 'catchUp', view: 'rankings', log: 'votes' },
  'raw transactions, rankings': { way: 'writeFolded', view: 'rankings', log: 'votes' },
  'live votes': { way: 'catchUp', view: 'votes', log: 'live' },
  'raw transactions, votes': { way: 'writeFolded', view: 'votes', log: 'live' },
  emmett: { way: 'appendInline', view: 'votes', log: 'peer' },
} as const satisfies Record<string, Case>;

export type Name = keyof typeof cases;
export const names = Object.keys(cases) as Name[];
