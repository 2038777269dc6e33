import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Message, openEventStream } from '#kernel/testing/event-stream.ts';
import { until } from '#kernel/testing/until.ts';
import { freePort } from '#local-stack/base/ports.ts';
import { ask, type Done, doneOf, up } from '#tests/answers.ts';
import { fillLane, idInLane } from '#tests/filled-lane.ts';
import { letTimePass } from '#tests/silence.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** What operators see of a running system. */

/** So many that people vote while they are read. */
const votesBefore = 5_000;

let system: System;
let commandApi: Service;
let queryApi: Service;
let operator: { authorization: string };
let alice: { authorization: string };

type Answer = {
  status: number;
  body: Record<string, never> & { items: Record<string, unknown>[] };
};

const ops = async (path: string, headers = operator) =>
  (await ask(queryApi.url, `GET /v1/ops/${path}`, { headers })) as unknown as Answer;

function readToEnd(url: string) {
  const answer = fetch(url, { headers: operator });
  return {
    begun: answer.then(({ status }) => status),
    text: answer.then((one) => one.text()),
  };
}

/** Has a movie of lane 0, and somebody who votes on it all the time until the work is done. */
async function whileVoting(work: () => Promise<void>): Promise<void> {
  const movie = idInLane('busy', 0, 3);
  const headers = await system.as('carol', 'catalogue');
  doneOf(await ask<Done>(commandApi.url, `PUT /v1/movies/${movie}`, { body: up, headers }));
  const voter = await system.as('bert', 'viewer');
  let isOver = false;
  const voting = (async () => {
    for (let count = 0; !isOver; count += 1) {
      const body = { vote: count % 2 === 0 ? 'like' : 'dislike' };
      await ask(commandApi.url, `PUT /v1/movies/${movie}/vote`, { body, headers: voter });
    }
  })();
  await work().finally(() => {
    isOver = true;
  });
  await voting;
}

beforeAll(async () => {
  system = await startSystem('operations');
  await fillLane(system, 0, votesBefore);
  [commandApi, queryApi] = (await Promise.all(
    (['command-api', 'query-api', 'projectors', 'reactors'] as const).map((name) =>
      system.start(name),
    ),
  )) as [Service, Service];
  operator = await system.as('olga', 'operator');
  alice = await system.as('alice', 'viewer');
  const headers = await system.as('carol', 'catalogue');
  doneOf(await ask<Done>(commandApi.url, 'PUT /v1/movies/m55', { body: up, headers }));
  doneOf(
    await ask<Done>(commandApi.url, 'PUT /v1/movies/m55/vote', {
      ...{ body: { vote: 'like' }, headers: alice },
    }),
  );
}, 120_000);
afterAll(() => system?.stop());

describe('operators', { timeout: 60_000 }, () => {
  it('see every view with its lanes, and the trend of its lag', async () => {
    let found: Record<string, unknown> | undefined;
    await until(async () => {
      const { body } = await ops('projections');
      found = body.items.find(({ name, eventsBehind }) => name === 'rankings' && !eventsBehind);
      return found !== undefined;
    });
    expect(found).toMatchObject({
      ...{ active: expect.stringMatching(/^rankings\.g/), state: 'live', parked: 0 },
      ...{ building: null, lastError: null, trend: expect.any(Array) },
    });
    const lanes = found?.lanes as Record<string, unknown>[];
    expect(lanes).toHaveLength(3);
    expect(lanes[0]).toMatchObject({ owner: expect.any(String), stopped: false });
    const passed = lanes.flatMap(({ positions }) => Object.values(positions as object));
    expect(Math.max(...passed)).toBeGreaterThan(0);
  });

  it('see who writes each lane, how fast, and every node', async () => {
    const { body } = await ops('lanes');
    expect(body.items).toHaveLength(3);
    for (const lane of body.items) {
      expect(lane).toMatchObject({ open: true, trouble: null, url: commandApi.operationsUrl });
    }
    expect(body.items.some(({ latencyMs }) => latencyMs !== null)).toBe(true);
    const nodes = body.nodes as unknown as { roles: string[]; reached: boolean }[];
    // A projector is a builder too while the first generation of a view is still behind.
    const roles = nodes.map((node) => node.roles.filter((role) => role !== 'builder').join());
    expect(roles.sort()).toEqual(['clock,reactor,worker', 'projector', 'writer']);
    expect(nodes.every(({ reached }) => reached)).toBe(true);
  });

  it('see how many transactions a lane has a second, and how many were in doubt', () =>
    whileVoting(async () => {
      let busy: Record<string, unknown> | undefined;
      await until(async () => {
        busy = (await ops('lanes')).body.items.find(({ lane }) => lane === 0);
        return Number(busy?.transactionsPerSecond) > 0;
      });
      expect(busy).toMatchObject({ inDoubt: 0, fenced: 0, trouble: null });
      expect(busy?.commandsPerSecond).toBeGreaterThan(0);
      expect(busy?.eventsPerSecond).toBeGreaterThan(0);
    }));

  it('see every reactor', async () => {
    const { body } = await ops('reactors');
    const support = { name: 'technical-support', state: 'live', parked: 0 };
    expect(body.items).toContainEqual(expect.objectContaining(support));
  });

  const patiently = { timeout: 120_000 };
  it('see every process of the query API and its copies, or that it died', patiently, async () => {
    // As in a container, where others find it at an address of that.
    const place = { HOST: '0.0.0.0', QUERY_API_OPERATIONS_PORT: `${await freePort()}` };
    const other = await system.start('query-api', place);
    const portOf = (url: unknown) => new URL(String(url)).port;
    const reader = async ({ operationsUrl }: Service) =>
      (await ops('readers')).body.items.find(({ url }) => portOf(url) === portOf(operationsUrl));
    const untilIs = (service: Service, state: string | undefined) =>
      until(async () => (await reader(service))?.state === state);
    await untilIs(other, 'live');
    const otherUrl = String((await reader(other))?.url);
    const living = { state: 'live', silentSeconds: 0, trouble: null };
    expect(await reader(queryApi)).toMatchObject({
      ...{ ...living, answerMs: expect.any(Number), secondsBehind: expect.any(Number) },
      copies: expect.arrayContaining([
        {
          ...{ view: expect.stringMatching(/^rankings@/), secondsBehind: expect.any(Number) },
          generation: expect.stringMatching(/^rankings\.g/),
        },
      ]),
    });
    await other.end('SIGKILL');
    await untilIs(other, 'away');
    expect(await reader(other)).toMatchObject({ trouble: expect.stringContaining('ECONNREFUSED') });
    expect((await ops('readers')).body.items[0]).toMatchObject({ url: otherUrl });
    await letTimePass(system.settings, otherUrl);
    await untilIs(other, 'gone');
    expect(await reader(queryApi)).toMatchObject(living);
    // Who starts at the same place is there instead of the one that died.
    const again = await system.start('query-api', place);
    expect(again.operationsUrl).toBe(other.operationsUrl);
    await untilIs(again, 'live');
    // Who stops in peace is missed by nobody.
    await again.end();
    await untilIs(again, undefined);
  });

  it('see the schemas, and whether the registry would take another one', async () => {
    const { body: all } = await ops('schemas');
    expect(all.items).toContainEqual(expect.objectContaining({ type: 'VoteCast', versions: [1] }));
    const { body } = await ops('schemas/VoteRetracted');
    const [{ schema }] = body.versions as unknown as [{ schema: { fields: object[] } }];
    const check = async (fields: object[]) => {
      const path = 'POST /v1/ops/schemas/VoteRetracted/check';
      const asked = { body: { schema: JSON.stringify({ ...schema, fields }) }, headers: operator };
      return (await ask(queryApi.url, path, asked)).body;
    };
    const added = { name: 'why', type: ['null', 'string'], default: null };
    expect(await check([...schema.fields, added])).toMatchObject({
      ...{ compatible: true, differences: [{ path: 'why', change: 'added' }] },
    });
    const { default: _, ...required } = added;
    expect(await check([...schema.fields, required])).toMatchObject({
      ...{ compatible: false, messages: [expect.stringContaining('why')] },
    });
  });

  it('follow the log, and only what they ask for', async () => {
    const stop = new AbortController();
    const url = `${queryApi.url}/v1/ops/tail?type=VoteCast&user=alice&from=2020-01-01`;
    const answer = await fetch(url, { headers: operator, signal: stop.signal });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    const reading = (async () => {
      for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) text += part;
    })().catch(() => {});
    await until(() => text.includes('"vote":"like"'));
    await ask(commandApi.url, 'PUT /v1/movies/m55/vote', {
      ...{ body: { vote: 'dislike' }, headers: alice },
    });
    await until(() => text.includes('"vote":"dislike"'));
    expect(text).not.toContain('MovieAdded');
    // What was there before comes first, and a reader of it is told where it ends.
    expect(text.match(/^event: (event|now)$/gm)).toEqual([
      ...['event: event', 'event: now', 'event: event'],
    ]);
    expect(text).toContain('data: {"all":true,"at":');
    // A node that stops tells so, and is not held up by those who follow.
    const other = await system.start('query-api');
    const end = readToEnd(`${other.url}/v1/ops/tail`);
    expect(await end.begun).toBe(200);
    const [code, last] = await Promise.all([other.end('SIGTERM'), end.text]);
    expect({ code, last }).toEqual({ code: 0, last: expect.stringContaining('event: end') });
    stop.abort();
    await reading;
  });

  it('read what was there before without holes and in order, while people vote', async () => {
    const url = `${queryApi.url}/v1/ops/tail?topic=ranking&from=1970-01-01`;
    const messages: Message[] = [];
    await whileVoting(async () => {
      const stream = await openEventStream(url, operator);
      const told = (event: string) => stream.messages.findIndex((one) => one.event === event);
      await until(() => told('now') >= 0 && stream.messages.length > told('now') + 10);
      messages.push(...stream.messages);
      stream.close();
    });
    const events = messages.filter(({ event, data }) => event === 'event' && data.lane === 0);
    const offsets = events.map(({ data }) => Number(data.offset));
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
    const past = events.filter(({ data }) => String(data.key).startsWith('past-'));
    expect(past).toHaveLength(votesBefore);
  });

  it('find all events of a thing, oldest or newest first', async () => {
    const all: Record<string, unknown>[] = [];
    await until(async () => {
      all.splice(0, all.length, ...(await ops('events?movie=m55')).body.items);
      return all.length === 3;
    });
    expect(all.map(({ type }) => type)).toEqual(['MovieAdded', 'VoteCast', 'VoteCast']);
    const [, vote] = all;
    const newest = await ops('events?movie=m55&order=newest&limit=1');
    expect(newest.body.items).toEqual([all[2]]);
    const next = await ops(`events?movie=m55&order=newest&limit=1&cursor=${newest.body.next}`);
    expect(next.body.items).toEqual([vote]);
    for (const id of [`stream=${vote?.subject}`, `correlation=${vote?.correlationid}`]) {
      expect((await ops(`events?${id}`)).body.items).toContainEqual(vote);
    }
    expect((await ops('events?user=alice&limit=100')).body.items).toEqual(all.slice(1));
    const time = String(vote?.time);
    const isLater = (one: Record<string, unknown>) => String(one.time) >= time;
    for (const sought of ['', 'user=alice&']) {
      const later = (await ops(`events?${sought}from=${time}&limit=100`)).body.items;
      expect(later).toContainEqual(vote);
      expect(later.every(isLater)).toBe(true);
      const earlier = (await ops(`events?${sought}order=newest&from=${time}`)).body.items;
      expect(earlier.some(isLater)).toBe(false);
      expect(earlier.length > 0).toBe(sought === '');
    }
    const placed = async (search: string) => {
      const { items, next } = (await ops(`events?${search}`)).body;
      return { topics: new Set(items.map(({ topic }) => topic)), next };
    };
    const ofTopic = 'topic=ranking&order=newest&limit=1';
    const { topics, next: more } = await placed(ofTopic);
    expect(topics).toEqual(new Set(['ranking']));
    expect((await placed(`${ofTopic}&cursor=${more}`)).topics).toEqual(topics);
    expect((await ops(`events?order=newest&limit=1&cursor=${more}`)).status).toBe(400);
    expect((await placed('topic=movies,operations')).topics).toEqual(new Set(['movies']));
    expect((await placed('topic=movies&movie=m55')).topics).toEqual(new Set(['movies']));
    expect((await placed('topic=none')).topics).toEqual(new Set());
    expect((await ops('moments?user=alice')).status).toBe(200);
    expect((await ops('moments?user=alice', alice)).status).toBe(403);
    const two = await ops('events?movie=m55&user=alice');
    expect(two).toMatchObject({
      ...{ status: 400, body: { errors: [{ path: 'movie' }, { path: 'user' }] } },
    });
    const other = await ops(`events?user=alice&cursor=${newest.body.next}`);
    expect(other.body).toMatchObject({ code: 'invalid-cursor' });
    expect((await ops('events?user=alice', alice)).status).toBe(403);
  });

  it('see the state of a stream after each of its events', async () => {
    const path = 'GET /v1/ops/stream?id=ranking/m55/alice';
    const { body } = await ask<Answer['body']>(commandApi.url, path, { headers: operator });
    expect(body.items).toMatchObject([
      {
        event: { sequence: 1 },
        state: { vote: 'like' },
        changed: expect.arrayContaining(['vote']),
      },
      { event: { sequence: 2 }, state: { vote: 'dislike' }, isWhole: true },
    ]);
    expect((await ask(commandApi.url, path, { headers: alice })).status).toBe(403);
  });

  it('read the text of people only after they have said so, which the audit shows', async () => {
    const ticket = { subject: 'No sound', priority: 'normal', message: 'My phone is 555-0100.' };
    const headers = { ...alice, 'idempotency-key': 'no-sound' };
    const opened = await ask<Done>(commandApi.url, 'POST /v1/tickets', { body: ticket, headers });
    expect(opened.status).toBe(201);
    const tail = await fetch(`${queryApi.url}/v1/ops/tail?topic=support&from=2020-01-01`, {
      headers: operator,
    });
    let shown = '';
    for await (const part of tail.body!.pipeThrough(new TextDecoderStream())) {
      shown += part;
      if (shown.includes('event: now')) break;
    }
    expect(shown).not.toContain(ticket.message);
    const event = /^id: (.*)$/m.exec(shown)?.[1] as string;
    const reveal = (name: string, as: typeof operator) =>
      ask<Done>(commandApi.url, 'POST /v1/ops/reveals', {
        body: { event: name, reason: 'She asked what we have stored.' },
        headers: { ...as, 'idempotency-key': name },
      });
    const read = (name: string, as: typeof operator, token = '') =>
      ops(`revealed?event=${name}&consistency=${token}`, as);
    expect(await read(event, operator)).toMatchObject({
      ...{ status: 403, body: { code: 'not-revealed' } },
    });
    const { token } = doneOf(await reveal(event, operator));
    expect(await read(event, operator, token)).toMatchObject({
      ...{ status: 200, body: { masked: [], data: { message: ticket.message } } },
    });
    // Neither another operator, nor another event.
    const other = await system.as('otto', 'operator');
    expect((await read(event, other)).status).toBe(403);
    const nothing = event.replace(/[0-9]+$/, '999');
    expect((await read(nothing, operator)).status).toBe(403);
    const { token: later } = doneOf(await reveal(nothing, operator));
    expect(await read(nothing, operator, later)).toMatchObject({ status: 404 });
    const { body } = await ops('audit?act=reveal&user=olga');
    expect(body.items).toMatchObject([
      { status: 'done', input: { event: nothing } },
      { status: 'done', input: { event, reason: 'She asked what we have stored.' } },
    ]);
  });

  it.each(['projections', 'lanes', 'reactors', 'readers', 'dead-letters', 'schemas', 'tail'])(
    'alone see %s',
    async (path) => {
      expect((await ops(path, alice)).status).toBe(403);
      expect((await ops(path, {} as typeof operator)).status).toBe(401);
    },
  );
});
