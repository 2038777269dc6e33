import { describe, expect, it } from 'vitest';
import type { Name } from './contenders.ts';
import type { Measured } from './measure.ts';
import { type CaseResult, type Round, summaryOf, targetsOf, withCases } from './report.ts';

const measured = (requestsPerSecond: number, processorMs: number): Measured => ({
  ...{ requestsPerSecond, processorMs, serverMs: processorMs, storesMs: 0, p50Ms: 1, p99Ms: 2 },
  ...{ refused: 0, othersCpu: 0, rssMb: 100, transactions: 0 },
});

const round = (number: number, all: { [name in Name]?: Measured }): Round => ({
  ...{ round: number, load: 0, measured: all },
});

const result = (connections: number, all: { [name in Name]?: Measured }): CaseResult => {
  const rounds = [round(1, all)];
  const from = { date: '2026-01-01T00:00:00Z', commit: 'abc' };
  return { connections, workload: 'changes', ...from, contenders: summaryOf(rounds), rounds };
};

describe('rounds', () => {
  const rounds = [
    round(1, { express: measured(1_000, 0.1), 'command-api': measured(500, 0.2) }),
    round(2, { express: measured(4_000, 0.1), 'command-api': measured(1_000, 0.4) }),
    round(3, { express: measured(2_000, 0.2), 'command-api': measured(2_000, 0.3) }),
  ];

  it('come to their medians, with the throughput of each', () => {
    expect(summaryOf(rounds)).toMatchObject({
      express: { requestsPerSecond: 2_000, processorMs: 0.1, each: [1_000, 4_000, 2_000] },
      'command-api': { requestsPerSecond: 1_000, processorMs: 0.3, each: [500, 1_000, 2_000] },
    });
  });

  it('come to the median of the ratios in a round, not to the ratio of medians', () => {
    const uneven = [
      round(1, { express: measured(1_000, 1), 'command-api': measured(1_000, 1) }),
      round(2, { express: measured(100, 1), 'command-api': measured(50, 3) }),
      round(3, { express: measured(800, 1), 'command-api': measured(160, 2) }),
    ];
    expect(summaryOf(uneven).express).toMatchObject({ oursTimes: 0.5, oursCost: 2 });
  });

  it('come to their highest number of refused requests', () => {
    const refused = { ...measured(1, 1), refused: 3 };
    const all = [round(1, { 'command-api': refused }), round(2, { 'command-api': measured(1, 1) })];
    expect(summaryOf(all)['command-api']?.refused).toBe(3);
  });
});

describe('targets', () => {
  it('are met or missed beside each contender that was measured', () => {
    const all = {
      'send-per-request': measured(1_000, 1),
      'emmett-postgresql': measured(300, 2),
      'command-api': measured(1_500, 0.7),
    };
    expect(targetsOf([result(64, all)])).toEqual([
      {
        what: '64 connections, changes: times send-per-request',
        ...{ wanted: '≥ 1.5', measured: 1.5, met: true },
      },
      {
        what: '64 connections, changes: processor time, times that of send-per-request',
        ...{ wanted: '≤ 0.65', measured: 0.7, met: false },
      },
      {
        what: '64 connections, changes: times emmett-postgresql',
        ...{ wanted: '≥ 4', measured: 5, met: true },
      },
      { what: 'answers that were not 2xx', wanted: '0', measured: 0, met: true },
    ]);
  });

  it('are none without a case', () => {
    expect(targetsOf([])).toEqual([]);
  });
});

describe('cases measured before', () => {
  it('are kept unless they are measured again', () => {
    const of = (connections: number, perSecond: number) =>
      result(connections, { 'command-api': measured(perSecond, 1) });
    const kept = withCases([of(1, 10), of(64, 20)], [of(64, 30), of(256, 40)]);
    const found = kept.map((one) => [
      one.connections,
      one.contenders['command-api']?.requestsPerSecond,
    ]);
    expect(found).toEqual([
      [1, 10],
      [64, 30],
      [256, 40],
    ]);
  });
});
