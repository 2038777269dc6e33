import type { ViewName, Way } from './way.ts';

/** The logs: all votes, fewer votes for the slower ways, and the fewest for the peer. */
export type LogName = 'votes' | 'live' | 'peer';

export type Case = { way: Way; view: ViewName; log: LogName };

/** The measurements of each round, in this order: those that are compared are neighbours. */
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
