import { median, rounded, type Target, table } from '../results.ts';
import type { Name } from './contenders.ts';
import type { Measured } from './measure.ts';

/** What the rounds of a case come to, beside each contender, and which targets are met. */

export type Workload = 'changes' | 'first votes';
export type Case = { connections: number; workload: Workload };
/** The contenders of a round, measured one right after the other. */
export type Round = { round: number; load: number; measured: { [name in Name]?: Measured } };

/** Medians of all rounds; `refused` and `rssMb` are the highest. */
export type Summary = Measured & {
  /** Requests a second of each round. */
  each: number[];
  /** Our throughput, and our processor time for a request, as multiples of this contender's. */
  oursTimes: number;
  oursCost: number;
};
export type Summaries = { [name in Name]?: Summary };
export type CaseResult = Case & {
  /** When it was measured, and of which commit, changes that weren't committed aside. */
  date: string;
  commit: string;
  contenders: Summaries;
  rounds: Round[];
};

const ours = 'command-api';

export function summaryOf(rounds: readonly Round[]): Summaries {
  const names = Object.keys(rounds[0]?.measured ?? {}) as Name[];
  return Object.fromEntries(names.map((name) => [name, summaryOfOne(name, rounds)]));
}

/** Ratios are of contenders in the same round: the machine isn't equally fast at all times. */
function summaryOfOne(name: Name, rounds: readonly Round[]): Summary {
  const all = rounds.map(({ measured }) => ({ own: measured[name]!, ours: measured[ours]! }));
  const own = (column: keyof Measured) => all.map((one) => one.own[column]);
  const of = (column: keyof Measured) => rounded(median(own(column)));
  const oursAs = (column: keyof Measured) =>
    rounded(median(all.map((one) => one.ours[column] / one.own[column])));
  return {
    requestsPerSecond: of('requestsPerSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    processorMs: of('processorMs'),
    serverMs: of('serverMs'),
    storesMs: of('storesMs'),
    othersCpu: of('othersCpu'),
    rssMb: Math.max(...own('rssMb')),
    transactions: of('transactions'),
    refused: Math.max(...own('refused')),
    each: own('requestsPerSecond'),
    oursTimes: oursAs('requestsPerSecond'),
    oursCost: oursAs('processorMs'),
  };
}

const units = ['requests/s', 'each round', 'p50 ms', 'p99 ms', 'non-2xx', 'RSS MB', 'tx/s'];
const processor = ['processor ms', 'server', 'stores', 'others'];

export function tableOf(cases: readonly CaseResult[]): string {
  const rows = cases.flatMap(({ connections, workload, contenders }) =>
    Object.entries(contenders).map(([name, one]) => {
      const { requestsPerSecond, p50Ms, p99Ms, refused, rssMb, transactions } = one;
      const { processorMs, serverMs, storesMs, othersCpu, oursTimes, oursCost } = one;
      const times = [processorMs, serverMs, storesMs, othersCpu];
      const measured = [p50Ms, p99Ms, refused, rssMb, transactions, ...times];
      const beside = name === ours ? ['', ''] : [oursTimes, oursCost];
      const cells = [requestsPerSecond, one.each.join(' '), ...measured, ...beside];
      return [`${connections} ${workload}: ${name}`, ...cells.map(String)];
    }),
  );
  return table(['', ...units, ...processor, 'ours ×', 'our cost ×'], rows);
}

type Wanted = Case & {
  what: string;
  value: (contenders: Summaries) => number | undefined;
} & ({ atLeast: number } | { atMost: number });

const at = (connections: number, workload: Workload = 'changes') => ({ connections, workload });
const times = (name: Name) => ({
  what: `times ${name}`,
  value: (contenders: Summaries) => contenders[name]?.oursTimes,
});

const wanted: readonly Wanted[] = [
  { ...at(64), ...times('send-per-request'), atLeast: 1.5 },
  {
    ...at(64),
    what: 'processor time, times that of send-per-request',
    value: (contenders) => contenders['send-per-request']?.oursCost,
    atMost: 0.65,
  },
  { ...at(64), ...times('castore-postgresql'), atLeast: 2.2 },
  { ...at(64), ...times('emmett-postgresql'), atLeast: 4 },
  { ...at(64), ...times('emmett-mongodb'), atLeast: 5 },
  { ...at(256), ...times('express'), atLeast: 0.45 },
  { ...at(1), what: 'p50 in ms', value: (all) => all[ours]?.p50Ms, atMost: 1.1 },
  {
    ...at(1),
    what: 'processor time of all in ms',
    value: (all) => all[ours]?.processorMs,
    atMost: 1.5,
  },
  { ...at(64, 'first votes'), ...times('send-per-request'), atLeast: 1 },
];

export function targetsOf(cases: readonly CaseResult[]): Target[] {
  const targets = wanted.flatMap(({ connections, workload, what, value, ...limit }): Target[] => {
    const found = cases.find((one) => isCase(one, { connections, workload }));
    const measured = found && value(found.contenders);
    if (measured === undefined) return [];
    const least = 'atLeast' in limit;
    return [
      {
        what: `${connections} connections, ${workload}: ${what}`,
        wanted: least ? `≥ ${limit.atLeast}` : `≤ ${limit.atMost}`,
        measured,
        met: least ? measured >= limit.atLeast : measured <= limit.atMost,
      },
    ];
  });
  const refused = cases.flatMap(({ contenders }) =>
    Object.values(contenders).map((one) => one.refused),
  );
  if (refused.length === 0) return [];
  const most = Math.max(...refused);
  const answers = { what: 'answers that were not 2xx', wanted: '0', measured: most };
  return [...targets, { ...answers, met: most === 0 }];
}

/** Cases that were measured now replace the same ones of before. */
export const withCases = (
  before: readonly CaseResult[],
  now: readonly CaseResult[],
): CaseResult[] => [...before.filter((old) => !now.some((one) => isCase(one, old))), ...now];

const isCase = (one: Case, other: Case) =>
  one.connections === other.connections && one.workload === other.workload;
