import type { Bar } from '../chart.ts';
import { median, rounded, table } from '../results.ts';
import { type Name, names } from './cases.ts';
import type { Pass } from './way.ts';

export type Round = {
  round: number;
  load: number;
  passes: Record<Name, Pass>;
};

/** Rebuilds from few and from many events, and reading and decoding the many alone. */
export type Large = { load: number; few: Pass; many: Pass; decoded: Pass; ratio: number };

export const what = {
  votes: 'by 50,000 users on 1,000 movies, popular ones more often, and those movies',
  'read and decode': 'every event from the first to the last, data only, lane by lane',
  'consume with the libraries':
    'kafkajs, eachBatch, and decode of @kafkajs/confluent-schema-registry; no offsets are stored',
  'rebuild rankings':
    'the same, folded into one document per movie and stored, by as many threads as there are ' +
    'cores, where decoding has one; its ratio has the indexes in it',
  'rebuild votes': 'the same, folded into one document per ballot',
  'insert the same votes':
    'insertMany of those documents, without reading them: 5,000 at once, 2 in flight, w:1; the ' +
    'ratio is of documents/s, without the indexes, which both need',
  'live rankings, live votes':
    'the projectors catch up from empty lanes: chunks of up to 2,000 events, each stored in one ' +
    'transaction with the offsets that it moves, or in one of several lanes where it is small; ' +
    'rankings follow as many votes as are rebuilt, votes fewer. Measured after a quarter of ' +
    'them, since Node compiles what it runs often',
  'raw transactions':
    'transactions of the same documents and checkpoints, folded beforehand, lanes at once, ' +
    'after the same quarter',
  emmett:
    'the first of these votes on the same mongod, one per append by 32 callers at once, each ' +
    'with its stream and its document in one write: consistent at once, and appending included. ' +
    'Ours reads votes from a log, where they are already, many to a transaction, a moment later',
  transactions: 'that the server committed meanwhile',
};

/** Including the time for the indexes, which belong to a rebuild. */
const wholeRate = ({ events, seconds, indexSeconds = 0 }: Pass) =>
  events / (seconds + indexSeconds);

export function barsOf(rounds: readonly Round[], large: Large | undefined): Bar[] {
  const ratio = (of: (passes: Record<Name, Pass>) => number) =>
    rounded(median(rounds.map(({ passes }) => of(passes))));
  const events = (one: Name, other: Name) =>
    ratio((passes) => passes[one].eventsPerSecond / passes[other].eventsPerSecond);
  return [
    {
      name: 'rebuild of rankings, times reading and decoding',
      value: ratio((all) => wholeRate(all['rebuild rankings']) / wholeRate(all['read and decode'])),
      atLeast: 0.8,
    },
    {
      name: 'the same, times consuming with kafkajs',
      value: ratio(
        (all) => wholeRate(all['rebuild rankings']) / wholeRate(all['consume with the libraries']),
      ),
      atLeast: 1,
    },
    {
      name: 'rebuild of votes, times inserting the same',
      value: ratio(
        (all) =>
          all['rebuild votes'].documentsPerSecond / all['insert the same votes'].documentsPerSecond,
      ),
      atLeast: 0.5,
    },
    {
      name: 'live rankings, times raw transactions',
      value: events('live rankings', 'raw transactions, rankings'),
      atLeast: 0.8,
    },
    {
      name: 'live votes, times raw transactions',
      value: events('live votes', 'raw transactions, votes'),
      atLeast: 0.8,
    },
    { name: 'live votes, times Emmett', value: events('live votes', 'emmett'), atLeast: 20 },
    ...(large ? barsOfLarge(large) : []),
  ];
}

function barsOfLarge({ ratio, many, few, decoded }: Large): Bar[] {
  const [more, fewer] = [many, few].map(({ events }) => events.toLocaleString('en'));
  return [
    { name: `rebuild of ${more} events, times ${fewer}`, value: ratio, atLeast: 0.8 },
    {
      name: `rebuild of ${more} events, times decoding`,
      value: rounded(wholeRate(many) / wholeRate(decoded)),
      atLeast: 0.8,
    },
    { name: 'peak memory of that', value: many.peakRssMb, unit: ' MB', atMost: 512 },
  ];
}

export function tableOf(rounds: readonly Round[]): string {
  const head = ['', 'events', 'events/s', 'documents/s', 'CPU µs/event', 'MB', 'transactions'];
  const rows = names.map((name) => {
    const of = (column: keyof Pass) =>
      String(rounded(median(rounds.map(({ passes }) => passes[name][column] ?? 0))));
    return [
      name,
      ...[of('events'), of('eventsPerSecond'), of('documentsPerSecond')],
      ...[of('cpuMicrosPerEvent'), of('peakRssMb'), of('transactions')],
    ];
  });
  return table(head, rows);
}
