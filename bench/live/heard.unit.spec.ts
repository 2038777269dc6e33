import { describe, expect, it } from 'vitest';
import { formatToken } from '#kernel/consistency-token.ts';
import { type CastVote, Heard, Times } from './heard.ts';

const seen = (offset: number) => formatToken({ log: 'log', seen: { 'ranking:2': offset } });
const changed = (view: string, ids: string[], offset: number) =>
  `event: changed\ndata: ${JSON.stringify({ view, ids, token: seen(offset) })}\n\n`;
const vote = (user: string, movieId: string, offset: number): CastVote => ({
  ...{ user, movieId, token: seen(offset), answeredAtMs: 1_000 + offset },
});
const all = () => true;

describe('what was heard of votes', () => {
  it('is counted once for each client, from the answer to the first event that shows it', () => {
    const heard = new Heard();
    const [one, other] = [heard.listener('rankings', null), heard.listener('rankings', null)];
    heard.take(one, changed('rankings', ['m1'], 4), 1_020);
    heard.take(other, changed('rankings', ['m1'], 4), 1_040);
    heard.take(one, changed('rankings', ['m1'], 5), 1_100);
    heard.take(other, changed('rankings', ['m1'], 5), 1_100);
    const { rankings } = heard.delays([vote('ada', 'm1', 4), vote('bo', 'm1', 5)], all);
    expect(rankings.count).toBe(4);
    expect([0.25, 0.5, 1].map((part) => rankings.within(part))).toEqual([16, 36, 95]);
  });

  it('lacks votes of which no event told, or none to this client', () => {
    const heard = new Heard();
    const [one] = [heard.listener('rankings', null), heard.listener('rankings', null)];
    heard.take(one, changed('rankings', ['m1'], 4), 1_020);
    const votes = [vote('ada', 'm1', 4), vote('bo', 'm1', 5), vote('bo', 'm2', 3)];
    expect(heard.delays(votes, all).rankings.count).toBe(1);
  });

  it('leaves out votes that are not measured, as those of the time to warm up', () => {
    const heard = new Heard();
    heard.take(heard.listener('rankings', null), changed('rankings', ['m1'], 5), 1_020);
    const votes = [vote('ada', 'm1', 4), vote('bo', 'm1', 5)];
    expect(heard.delays(votes, ({ user }) => user === 'bo').rankings.count).toBe(1);
  });

  it('has a user’s own, also where they come together with what all hear', () => {
    const heard = new Heard();
    const text = changed('votes', ['m1'], 4) + changed('rankings', ['m1', 'm2'], 9);
    heard.take(heard.listener('rankings,votes', 'ada'), text, 1_020);
    const delays = heard.delays([vote('ada', 'm1', 4), vote('bo', 'm2', 9)], all);
    expect([delays.votes.count, delays.rankings.count]).toEqual([1, 2]);
    expect(heard.counts).toEqual({ changed: 2 });
  });

  it('counts all other messages by their event', () => {
    const heard = new Heard();
    const listener = heard.listener('rankings', null);
    heard.take(listener, ': heartbeat\nid: x\n\nid: y\nevent: dropped\ndata: {"count":3}\n\n', 1);
    expect(heard.counts).toEqual({ heartbeat: 1, dropped: 1 });
  });
});

describe('times', () => {
  it('tell within how many milliseconds a part of them was', () => {
    const times = new Times();
    for (let ms = 1; ms <= 100; ms += 1) times.add(ms);
    expect([0.5, 0.99, 1].map((part) => times.within(part))).toEqual([50, 99, 100]);
    expect(new Times().within(0.5)).toBeNaN();
  });
});
