import { describe, expect, it } from 'vitest';
import { type BulkLimits, BulkRequests } from './bulk-requests.ts';

const bulk = (limits: Partial<BulkLimits> = {}) =>
  new BulkRequests({ perNode: 3, perUser: 2, commands: 100, sliceMs: 5, ...limits });

describe('bulk requests', () => {
  it('are refused while too many of their user run, or of all users', () => {
    const requests = bulk();
    const first = requests.begin('alice');
    requests.begin('alice');
    expect(() => requests.begin('alice')).toThrow(expect.objectContaining({ status: 429 }));
    requests.begin('bob');
    expect(() => requests.begin('carol')).toThrow(
      expect.objectContaining({ status: 503, retryAfterSeconds: 5 }),
    );
    first.end();
    requests.begin('alice');
  });

  it('share the commands that may be under way', () => {
    const requests = bulk();
    const first = requests.begin('alice');
    expect(first.part()).toBe(100);
    const second = requests.begin('bob');
    expect([first.part(), second.part()]).toEqual([50, 50]);
    first.end();
    expect(second.part()).toBe(100);
  });

  it('let others have the event loop, however many run', async () => {
    const requests = bulk({ sliceMs: 2 });
    let commands = 0;
    let isDone = false;
    const perTurn: number[] = [];
    const look = () => {
      perTurn.push(commands);
      commands = 0;
      if (!isDone) setImmediate(look);
    };
    look();
    const work = async (user: string) => {
      const request = requests.begin(user);
      for (let n = 0; n < 200; n += 1) {
        await request.turn();
        const until = performance.now() + 0.2;
        while (performance.now() < until);
        commands += 1;
      }
    };
    await Promise.all(['alice', 'bob', 'carol'].map(work));
    isDone = true;
    expect(Math.max(...perTurn)).toBeLessThanOrEqual(15);
  });
});
