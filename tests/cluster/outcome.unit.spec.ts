import { describe, expect, it } from 'vitest';
import type { Verdict } from '../chaos-checks.ts';
import type { Sent } from '../chaos-load.ts';
import { requestOf } from '../chaos-requests.ts';
import type { Committed } from '../committed-events.ts';
import { faultsOf, type Run, tableOf, waitsOf } from './outcome.ts';

const client = { user: 'ann', lanes: 1, versions: new Map<string, number>(), random: () => 0 };
const vote = requestOf('vote', { movieId: 'm1', vote: 'like' }, client);

const sent = (requestId: string, startedAt: number, endedAt: number, status = 200): Sent => ({
  ...{ ...vote, requestId, startedAt, endedAt, status },
  ...{ answer: null, problem: null, error: null },
});

const event = (type: string, subject: string, at: number) =>
  ({
    event: { type, meta: { subject, time: performance.timeOrigin + at } },
  }) as unknown as Committed;

const verdict: Verdict = {
  ...{ commands: 4, acknowledged: 3, inDoubt: 1, found: 1 },
  ...{ lost: [], doubled: [], contradictory: [], stale: [] },
};

const run: Run = {
  sent: [
    ...[sent('id-a', 0, 100), sent('id-b', 1_000, 1_200), sent('id-c', 2_000, 2_100, 503)],
    ...[sent('id-d', 5_500, 6_500), sent('id-e', 7_900, 8_000)],
  ],
  reads: [1_000, 2_000, 4_500, 7_000].map((endedAt) => {
    return { lane: 0, startedAt: endedAt, endedAt, status: 200 };
  }),
  periods: [
    { what: 'nothing', from: 0, to: 2_000 },
    { what: 'kafka-1', from: 2_000, to: 8_000 },
  ],
  log: [
    ...[event('TicketOpened', 't1', 1_000), event('ServiceOrderCreated', 't1', 1_300)],
    ...[event('TicketOpened', 't2', 3_000), event('ServiceOrderCreated', 't2', 7_000)],
    event('ActRequested', 'j1', 3_000),
  ],
  verdict,
  found: {},
};

const cells = (rows: readonly string[]) => rows.slice(0, 4).map((row) => row.split(/ {2,}/));

describe('the table of a run', () => {
  it('has for each kill how long a lane had no answer, and how long others waited', () => {
    expect(cells(tableOf(run)).slice(1)).toEqual([
      ['nothing', '1.1 s', '1.0 s', '0.3 s', '–', '0.2 s', '0', '0'],
      ['kafka-1', '4.5 s', '2.5 s', '4.0 s', '–', '1.0 s', '0', '0'],
      ['all', '5.3 s', '2.5 s', '4.0 s', '–', '1.0 s', '0', '0'],
    ]);
  });

  it('counts what was lost or doubled with the kill during which it was sent', () => {
    const lost = ['vote m1, request id-d: 200'];
    const doubled = ['vote m1, request id-a: 200', 'vote m1, request id-e: 200'];
    const rows = cells(tableOf({ ...run, verdict: { ...verdict, lost, doubled } }));
    expect(rows.slice(1).map((row) => row.slice(-2))).toEqual([
      ['0', '1'],
      ['1', '1'],
      ['1', '2'],
    ]);
  });

  it('says how many requests had no answer', () => {
    expect(tableOf(run).at(-1)).toBe(
      '4 commands, 3 acknowledged; 1 without an answer, of which 1 are in the log; ' +
        '4 reads; 5 events.',
    );
  });
});

describe('a run', () => {
  it('is all right if nothing is wrong', () => {
    expect(faultsOf(run)).toEqual([]);
  });

  it.each([
    ...['lost', 'doubled', 'contradictory', 'stale'].map((name) => [
      name,
      { ...run, verdict: { ...verdict, [name]: ['it'] } },
    ]),
    ['gaps', { ...run, found: { gaps: ['it'] } }],
    ['rankings', { ...run, found: { rankings: ['it'] } }],
  ] as [string, Run][])('with %s is not', (name, wrong) => {
    expect(faultsOf(wrong)).toEqual([`${name}: it`]);
  });

  it('names five faults of each kind, and counts the others', () => {
    const lost = Array.from({ length: 8 }, (_, at) => `vote ${at}`);
    const faults = faultsOf({ ...run, verdict: { ...verdict, lost } });
    expect(faults).toHaveLength(6);
    expect(faults.at(-1)).toBe('lost: 3 more');
  });

  it('is not over while something that was asked for is not done', () => {
    const { open } = waitsOf(run.log, 'ActRequested', 'ActEnded');
    expect(open.map(({ subject }) => subject)).toEqual(['j1']);
  });
});
