import { describe, expect, it } from 'vitest';
import type { ConsistencyToken } from '../consistency-token.ts';
import { LogPlaces } from './log-places.ts';

const token = (...places: `${string}:${number}`[]): ConsistencyToken => ({
  log: 'this-log',
  seen: Object.fromEntries(places.map((at) => [at, 1])),
});
const refused = (detail: RegExp) =>
  expect.objectContaining({ code: 'invalid-token', message: expect.stringMatching(detail) });

describe('the places of a log', () => {
  it('are asked for once, and let a token of them pass', async () => {
    let asked = 0;
    const topics = async () => {
      asked += 1;
      return new Map([['test.parcels', 6]]);
    };
    const places = new LogPlaces({ topics }, 'test.', 1);
    await Promise.all([1, 2, 3].map(() => places.check(token('parcels:0', 'parcels:5'))));
    await places.check(token('parcels:1'));
    await expect(places.check(token('parcels:6'))).rejects.toEqual(refused(/it has 6 lanes/));
    expect(asked).toBe(1);
  });

  it('may become more: an unknown topic is looked for', async () => {
    const topics = new Map([['parcels', 6]]);
    const places = new LogPlaces({ topics: async () => new Map(topics) }, '', 1);
    await places.check(token('parcels:0'));
    topics.set('depots', 6);
    await places.check(token('depots:0'));
    await expect(places.check(token('routes:0'))).rejects.toEqual(refused(/no such topic/));
  });

  it('that can’t be looked up are no reason to call a token forged', async () => {
    const topics = () => Promise.reject(new Error('no broker'));
    const away = expect.objectContaining({ code: 'part-away' });
    await expect(new LogPlaces({ topics }, '').check(token('parcels:0'))).rejects.toEqual(away);
  });
});
