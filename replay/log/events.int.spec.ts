import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '#kernel/event.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import { examplesOf } from '#kernel/schemas/load-schemas.ts';
import { until } from '#kernel/testing/until.ts';
import { contexts, eventSchemas, schemas } from '#schemas/load.ts';
import { examples as ranking } from '#schemas/ranking/examples.ts';
import { examples as support } from '#schemas/support/examples.ts';
import { parsed, replay, startReplay } from '#tests/replay-process.ts';
import { openVoteLog, someVotes, type VoteLog } from '#tests/vote-log.ts';

const examples = await examplesOf(schemas);

type Shown = { topic: string; type: string | null; meta: Event['meta']; time: string };

let world: VoteLog;
const contextOf = new Map(eventSchemas.map(({ type, context }) => [type, context]));
/** Ordered by time; events of the same time in the order of their topics. */
const all = [...examples.values()].sort(
  (a, b) => a.meta.time - b.meta.time || (contextOf.get(a.type)! < contextOf.get(b.type)! ? -1 : 1),
);
const poisonAt = all.at(-1)!.meta.time + 1_000;

beforeAll(async () => {
  world = await openVoteLog('events');
  const { log, codec, prefix, lanes } = world;
  const producer = await log.producer(transactionalId(prefix, 'examples'));
  const place = (context: string, key: string) => ({
    ...{ topic: topicName(prefix, context), lane: laneOf(key, lanes), key },
  });
  for (const event of all) {
    const at = place(contextOf.get(event.type)!, event.meta.subject.split('/').at(-1)!);
    const value = codec.encode(at.topic, event);
    await producer.append([{ ...at, value, timestamp: event.meta.time }]);
  }
  const poison = { value: Buffer.from('not Avro'), timestamp: poisonAt };
  await producer.append([{ ...place('ranking', 'm1'), ...poison }]);
  await producer.close();
});
afterAll(() => world.close());

const shown = async (...words: string[]) => {
  const ended = await replay(world, 'events', '--json', ...words);
  expect(ended.code).toBe(0);
  return parsed<Shown>(ended);
};
const ids = (events: readonly { type: string | null; meta: Event['meta'] }[]) =>
  events.filter(({ type }) => type !== null).map(({ meta, type }) => `${type} ${meta.id}`);

describe('events', () => {
  it('come by time, of all topics and lanes, undecodable records included', async () => {
    const found = await shown();
    expect(found.map(({ time }) => time)).toEqual(found.map(({ time }) => time).sort());
    expect(new Set(ids(found))).toEqual(new Set(ids(all)));
    expect(found).toHaveLength(all.length + 1);
    expect(found.at(-1)).toMatchObject({
      ...{ topic: 'ranking', key: 'm1', type: null },
      undecodable: 'not in the Confluent wire format',
      value: Buffer.from('not Avro').toString('base64'),
    });
  });

  it('are those that all filters let through, and undecodable records', async () => {
    const words = ['--user', 'alice', '--type', 'VoteCast', 'VoteRetracted', '--to', '2099-01-01'];
    const found = await shown(...words, '--from', '2026-03-05');
    const { VoteCast, VoteRetracted } = ranking;
    expect(ids(found)).toEqual(ids([VoteCast, VoteRetracted]));
    expect(found.map(({ type }) => type)).toEqual(['VoteCast', 'VoteRetracted', null]);
  });

  it('are limited by --limit', async () => {
    expect(ids(await shown('--limit', '3'))).toEqual(ids(await shown()).slice(0, 3));
  });

  it('are printed as CloudEvents 1.0 with --format cloudevents', async () => {
    const ended = await replay(world, 'events', '--format', 'cloudevents', '--topic', 'support');
    const found = parsed<Record<string, unknown>>(ended);
    const opened = found.find(({ type }) => type === 'moviebackend.support.TicketOpened')!;
    const { meta, data } = support.TicketOpened;
    expect(opened).toMatchObject({
      ...{ specversion: '1.0', id: meta.id, source: meta.source, subject: meta.subject },
      time: new Date(meta.time).toISOString(),
      ...{ sequence: String(meta.sequence), correlationid: meta.correlationid, actor: meta.actor },
      datacontenttype: 'application/json',
      data: { ticketId: data.ticketId, subject: data.subject.body.toString('utf8') },
    });
    for (const event of found) {
      for (const name of Object.keys(event)) expect(name).toMatch(/^([a-z0-9]+|data_base64)$/);
    }
  });

  it('are printed as lines of text by default', async () => {
    const { lines, errors } = await replay(world, 'events', '--topic', 'ranking');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^2026-03-05T20:15:42\.125Z {2}ranking\/\d\/\d+ +VoteCast +/);
    expect(lines.at(-1)).toMatch(/UNDECODABLE +"m1", 8 bytes: not in the Confluent wire format$/);
    expect(errors).toMatch(/^1 of these can't be decoded/);
  });

  it('end quietly once the reader leaves, and follow the log until Ctrl-C', async () => {
    await world.append(someVotes(5_000, 10));
    const left = startReplay(world, 'events');
    await until(() => left.lines.length > 0);
    left.child.stdout!.destroy();
    const { code, errors } = await left.ended;
    expect(code).toBe(0);
    // The tool may have read the whole log before it learnt that the reader had left.
    expect(errors).toMatch(/^(1 of these can't be decoded by today's code\.\n)?$/);

    const following = startReplay(world, 'events', '--follow', '--json', '--movie', 'm-new');
    // Only the undecodable record passes the filter, since it may be about the movie.
    await until(() => following.lines.length === 1);
    await world.append([{ movieId: 'm-new', userId: 'alice', at: 1 }]);
    await until(() => following.lines.length === 2);
    following.child.kill('SIGINT');
    expect(await following.ended).toMatchObject({ code: 0 });
    expect(parsed<Shown>(following)[1]).toMatchObject({ type: 'VoteCast', topic: 'ranking' });
  });

  it('end by themselves with --follow once the time of --until has passed', async () => {
    const past = replay(world, 'events', '--follow', '--until', '2020-01-01');
    const soon = new Date(Date.now() + 3_000).toISOString();
    const movie = ['--movie', 'm-soon', '--json'];
    const following = startReplay(world, 'events', '--follow', '--until', soon, ...movie);
    await until(() => following.lines.length === 1);
    await world.append([{ movieId: 'm-soon', userId: 'alice', at: 2 }]);
    expect(await past).toMatchObject({ code: 0 });
    expect(await following.ended).toMatchObject({ code: 0 });
    expect(parsed<Shown>(following)[1]).toMatchObject({ type: 'VoteCast', topic: 'ranking' });
  });

  it.each([
    [['--topic', 'votes'], `--topic votes: there is only ${contexts.join(', ')}.`],
    [['--limit', '0'], "option '--limit <count>' argument '0' is invalid"],
    [['--format', 'xml'], 'Allowed choices are table, ndjson, cloudevents'],
  ])('refuse %s with exit code 2', async (words, message) => {
    const { code, errors } = await replay(world, 'events', ...words);
    expect({ code, errors }).toEqual({ code: 2, errors: expect.stringContaining(message) });
  });
});
