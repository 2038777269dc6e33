import { beforeEach, describe, expect, it } from 'vitest';
import { ReadLimiter } from './read-limiter.ts';

const never = new AbortController().signal;

let limiter: ReadLimiter;
let began: string[];
let ends: (() => void)[];
beforeEach(() => {
  limiter = new ReadLimiter({ atOnce: 4, queue: 8 });
  began = [];
  ends = [];
});

/** Asks for a read that runs until `endOne` ends it. */
const ask = (client: string, ending = never) =>
  limiter.run(client, ending, () => {
    began.push(client);
    return new Promise<void>((resolve) => ends.push(resolve));
  });
const asked = (client: string, times = 1) =>
  Array.from({ length: times }, () => ask(client).catch((error: Error) => error));

async function endOne(): Promise<void> {
  ends.shift()?.();
  await new Promise((resolve) => setImmediate(resolve));
}
async function endAll(): Promise<void> {
  while (ends.length > 0) await endOne();
}

const overloaded = expect.objectContaining({ code: 'overloaded', retryAfterSeconds: 1 });

describe('reads', () => {
  it('of one client run one after the other, and leave room for those of others', async () => {
    asked('eve', 3);
    asked('alice');
    asked('bob');
    expect(began).toEqual(['eve', 'alice', 'bob']);
    await endAll();
    expect(began).toEqual(['eve', 'alice', 'bob', 'eve', 'eve']);
  });

  it('wait while as many run as may run at once, and clients take turns', async () => {
    for (const client of ['a', 'b', 'c', 'd']) asked(client);
    asked('eve', 2);
    asked('alice');
    expect(began).toEqual(['a', 'b', 'c', 'd']);
    await endAll();
    expect(began.slice(4)).toEqual(['eve', 'alice', 'eve']);
  });

  it('are refused when too many of their client wait, but not those of others', async () => {
    const eves = asked('eve', 4);
    expect(await eves[3]).toEqual(overloaded);
    const [alice] = asked('alice', 1);
    await endAll();
    expect(await Promise.all([...eves.slice(0, 3), alice])).toEqual(Array(4).fill(undefined));
  });

  it('are refused when too many wait', async () => {
    const clients = ['a', 'b', 'c', 'd'];
    for (const client of clients) asked(client, 3);
    const [refused] = asked('alice');
    expect(await refused).toEqual(overloaded);
    await endAll();
    expect(began).toHaveLength(12);
  });

  it('never begin if they end while they wait, and make room for others', async () => {
    const gone = new AbortController();
    asked('eve');
    const waiting = [ask('eve', gone.signal), ask('eve', gone.signal)];
    gone.abort(new Error('gone'));
    const results = await Promise.allSettled(waiting);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    asked('eve', 2);
    await endAll();
    expect(began).toEqual(['eve', 'eve', 'eve']);
  });

  it('make room also when they fail', async () => {
    const failing = () => Promise.reject(new Error('away'));
    await expect(limiter.run('eve', never, failing)).rejects.toThrow('away');
    asked('eve');
    expect(began).toEqual(['eve']);
  });
});
