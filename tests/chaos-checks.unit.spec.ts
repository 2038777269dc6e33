import { describe, expect, it } from 'vitest';
import { type Event, eventId } from '#kernel/event.ts';
import { gaps, identityOf, judge } from './chaos-checks.ts';
import { historyOf, wronglyDecided } from './chaos-histories.ts';
import { invariants } from './chaos-invariants.ts';
import type { Answer, Sent } from './chaos-load.ts';
import { callerOf, commandNamed, requestOf } from './chaos-requests.ts';
import type { Committed } from './committed-events.ts';

/** The checks of the fault tests find the errors that they are meant to find. */

const client = { user: 'ann', lanes: 3, versions: new Map<string, number>(), random: () => 0 };
const given = { movieId: 'm1', vote: 'like' };

/** A vote and the answer to it. */
function sent(more: Partial<Sent> = {}): Sent {
  const answer: Answer = {
    ...{ stream: 'ranking/m1/ann', version: 1, events: ['VoteCast'], unchanged: false },
    token: 'token',
  };
  const times = { startedAt: 10, endedAt: 20 };
  const came = { requestId: 'r', status: 200, answer, problem: null, error: null };
  return { ...requestOf('vote', given, client), ...times, ...came, ...more };
}

/** The event of a vote, as the log has it. */
function event(one: Sent, sequence = 1, vote = 'like', previous = 'none'): Committed {
  const meta = {
    ...{ id: eventId(one.stream, sequence), source: '/command-api', subject: one.stream },
    ...{ time: 5, sequence, correlationid: one.requestId, causationid: null, actor: one.user },
    ...{ commandid: identityOf(one), requesthash: '' },
  };
  const previousCastAt = previous === 'none' ? null : 5;
  const data = {
    movieId: 'm1',
    userId: 'ann',
    vote,
    previous,
    previousCastAt,
    castAt: 5,
    changedAt: null,
  };
  const decided: Event = { type: 'VoteCast', data, meta };
  return { topic: 'ranking', lane: 0, offset: sequence, event: decided };
}

const unanswered = { status: null, answer: null };
const stands: Answer = {
  ...{ stream: 'ranking/m1/ann', events: [], unchanged: true, token: 'token', version: 1 },
};

describe('a command is', () => {
  it('all right if it was acknowledged and the log has it once', () => {
    const one = sent();
    expect(judge([one], [event(one)])).toEqual({
      ...{ commands: 1, acknowledged: 1, inDoubt: 0, found: 0 },
      ...{ lost: [], doubled: [], contradictory: [], stale: [] },
    });
  });

  it('lost if it was acknowledged and the log lacks it, or has it at another version', () => {
    const one = sent();
    expect(judge([one], []).lost).toHaveLength(1);
    expect(judge([one], [event(one, 2)]).lost).toHaveLength(1);
  });

  it('doubled if the log has it twice, acknowledged or not', () => {
    const one = sent();
    const twice = [event(one), event(one, 2)];
    expect(judge([one], twice).doubled).toHaveLength(1);
    expect(judge([{ ...one, ...unanswered }], twice).doubled).toHaveLength(1);
  });

  it('in doubt if no answer came, and found if the log has it', () => {
    const one = { ...sent(), ...unanswered };
    expect(judge([one], [])).toMatchObject({ inDoubt: 1, found: 0 });
    expect(judge([one], [event(one)])).toMatchObject({ inDoubt: 1, found: 1, lost: [] });
  });

  it('contradictory if it was refused and the log has it', () => {
    const problem = { code: 'movie-retired', detail: '' };
    const one = sent({ status: 409, answer: null, problem });
    expect(judge([one], [event(one)]).contradictory).toHaveLength(1);
  });

  it('contradictory if its key gets another answer', () => {
    const one = sent();
    const again = { ...one, requestId: 'r2', startedAt: 30, endedAt: 40 };
    expect(judge([one, again], [event(one)]).contradictory).toEqual([]);
    const other = { ...again, answer: { ...(one.answer as Answer), version: 2 } };
    expect(judge([one, other], [event(one)]).contradictory).toHaveLength(1);
    expect(judge([one, { ...again, answer: stands }], [event(one)]).contradictory).toHaveLength(1);
  });
});

describe('an answer without events is stale', () => {
  const before = sent();
  const after = { startedAt: 30, endedAt: 40 };
  const disliked = sent({ ...requestOf('vote', { ...given, vote: 'dislike' }, client), ...after });
  disliked.answer = { ...(before.answer as Answer), version: 2 };
  const log = [event(before), event(disliked, 2, 'dislike', 'like')];
  const ask = (more: Partial<Sent>) =>
    judge([before, disliked, sent({ answer: stands, ...more })], log).stale;

  it('if its version was already replaced when the request was sent', () => {
    expect(ask({ startedAt: 25, endedAt: 60 })).toEqual([]);
    expect(ask({ startedAt: 50, endedAt: 60 })).toHaveLength(1);
  });

  it('if it was not true at the version that it names', () => {
    expect(ask({ startedAt: 50, endedAt: 60, answer: { ...stands, version: 2 } })).toHaveLength(1);
    expect(ask({ startedAt: 5, endedAt: 60, answer: { ...stands, version: 9 } })).toHaveLength(1);
  });

  it('if it refuses a command that no state of its streams forbids', () => {
    const problem = { code: 'movie-retired', detail: '' };
    expect(ask({ status: 409, answer: null, problem })).toHaveLength(1);
  });
});

describe('a log is broken', () => {
  const one = sent();
  const second = (vote: string, previous: string) => event(one, 2, vote, previous);

  it('if a stream has a gap or a repeat', () => {
    expect(gaps([event(one), event(one, 2)])).toEqual([]);
    expect(gaps([event(one), event(one, 3)])).toHaveLength(1);
    expect(gaps([event(one), event(one)])).toHaveLength(1);
  });

  it('if a vote names the wrong previous vote, or changes nothing', () => {
    expect(invariants([event(one), second('dislike', 'like')])).toEqual([]);
    expect(invariants([event(one), second('dislike', 'none')])).toHaveLength(1);
    expect(invariants([event(one), second('like', 'like')])).toHaveLength(1);
  });

  it('if an event differs from what its command decides', () => {
    const check = (wrong: Committed) =>
      wronglyDecided(new Map([[identityOf(one), one]]), [wrong.event], historyOf([wrong.event]));
    expect(check(event(one))).toEqual([]);
    expect(check(event(one, 1, 'dislike'))).toHaveLength(1);
  });

  it('if a ticket is resolved or opened out of turn, or two orders have one number', () => {
    const ticket = (sequence: number, type: string, data: object = {}): Committed => {
      const { event: cast, ...at } = event(one, sequence);
      const subject = 'support/t1';
      return { ...at, event: { type, data, meta: { ...cast.meta, subject, sequence } } };
    };
    const order = (ticketId: string) => ({ orderNumber: 'SO-000001', ticketId });
    const opened = ticket(1, 'TicketOpened');
    expect(invariants([opened, ticket(2, 'TicketResolved')])).toEqual([]);
    expect(invariants([ticket(1, 'TicketResolved')])).toHaveLength(1);
    expect(invariants([opened, opened])).toHaveLength(1);
    const first = ticket(2, 'ServiceOrderCreated', order('t1'));
    expect(invariants([opened, first])).toEqual([]);
    expect(invariants([opened, first, ticket(3, 'ServiceOrderCreated', order('t2'))])).toHaveLength(
      1,
    );
  });

  it('if a list exceeds its limit, loses an entry that it lacks, or has a play twice', () => {
    const list = (type: string, data: object): Committed => {
      const { event: cast, ...at } = event(one);
      const meta = { ...cast.meta, subject: 'reminders/ann' };
      return { ...at, event: { type, data: { userId: 'ann', ...data }, meta } };
    };
    const set = (n: number) => list('ReminderSet', { movieId: `m${n}` });
    const full = Array.from({ length: 1_000 }, (_, n) => set(n));
    expect(invariants([...full, set(7)])).toEqual([]);
    expect(invariants([...full, set(1_000)])).toHaveLength(1);
    expect(invariants([list('ReminderRemoved', { movieId: 'm1' })])).toHaveLength(1);
    const play = list('MovieWatched', { movieId: 'm1', playId: 'p' });
    expect(invariants([play])).toEqual([]);
    expect(invariants([play, play])).toHaveLength(1);
  });
});

it('a request has the path, the body and the stream of its command', () => {
  const request = requestOf('vote', given, client);
  expect(request).toMatchObject({ path: '/v1/movies/m1/vote', body: { vote: 'like' } });
  const command = commandNamed('vote');
  expect(command.stream(request.input, callerOf('ann'), '')).toEqual({ key: 'm1', id: 'm1/ann' });
});
