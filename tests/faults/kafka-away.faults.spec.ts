import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { laneOf } from '#kernel/log/lane-of.ts';
import { until } from '#kernel/testing/until.ts';
import { type Answer, ask, type Done, problemOf } from '../answers.ts';
import { ownerOf, untilEvenlyShared } from '../chaos-faults.ts';
import { type Fleet, startFleet } from '../chaos-fleet.ts';
import { requestOf } from '../chaos-requests.ts';
import { trial } from '../chaos-trial.ts';
import { startOwnStack } from '../own-stack.ts';

/** Nodes without a broker can decide no command: they answer 503, and recover by themselves. */

const queue = 20;
let fleet: Fleet;
beforeAll(async () => {
  const nodeSettings = { QUEUE_LIMIT: String(queue) };
  fleet = await startFleet('kafka-away', await startOwnStack(), { nodeSettings });
});
afterAll(() => fleet?.stop());

it('nodes stay alive and answer 503 while Kafka is away, and recover', async () => {
  await trial(fleet, 'kill -9 of the only broker', async (load) => {
    await fleet.stack.brokers[0]!.kill();
    const at = performance.now();
    const refused = () =>
      load.sent.filter(({ startedAt, status }) => startedAt > at && status === 503);
    await until(() => refused().length >= 10, { limitMs: 60_000 });
    const headers = await fleet.system.as('alice', 'viewer');
    const alice = {
      user: 'alice',
      lanes: 3,
      versions: new Map<string, number>(),
      random: Math.random,
    };
    const request = requestOf('vote', { movieId: 'm1', vote: 'like' }, alice);
    const asked = fleet.nodes.map(async ({ url }) => {
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      const vote = async () => {
        const startedAt = performance.now();
        const requestId = randomUUID();
        const asked = {
          body: { vote: 'like' },
          headers: { ...headers, 'x-request-id': requestId },
        };
        const answer = await ask(url, 'PUT /v1/movies/m1/vote', asked);
        const endedAt = performance.now();
        // It may still be done once Kafka is back, so the trial has to know of it.
        const unanswered = { status: answer.status, answer: null, problem: null, error: null };
        fleet.sent.push({ ...request, key: null, requestId, startedAt, endedAt, ...unanswered });
        problemOf(answer);
        expect(answer.status).toBe(503);
        expect(answer.headers.get('retry-after')).toBe('1');
        return endedAt - startedAt;
      };
      // Once the outage is known, at most one command still waits for its end.
      const isRefusedAtOnce = async () => {
        const took = await Promise.all([vote(), vote(), vote(), vote()]);
        return took.filter((ms) => ms < 1_000).length >= 3;
      };
      await until(isRefusedAtOnce, { limitMs: 60_000 });
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
    });
    // Without the broker, a failed check could not be told: the trial reads the log at its end.
    await Promise.all(asked).finally(() => fleet.stack.brokers[0]!.start());
  });
});

it('commands beyond the limit of a lane’s queue are refused at once', async () => {
  await untilEvenlyShared(fleet.nodes, 3);
  const owner = await ownerOf(laneOf('m2', 3), fleet.nodes);
  const [broker] = fleet.stack.brokers;
  const users = Array.from({ length: queue + 10 }, (_, n) => `crowd${n}`);
  const headers = await Promise.all(users.map((user) => fleet.system.as(user, 'viewer')));
  process.kill(broker!.pid!, 'SIGSTOP');
  const order: Answer<Done>[] = [];
  const all = headers.map(async (own) => {
    const asked = { body: { vote: 'like' }, headers: own };
    order.push(await ask(owner.url, 'PUT /v1/movies/m2/vote', asked));
  });
  await until(() => order.length >= 10, { limitMs: 2_000 });
  const atOnce = order.slice(0, 10);
  process.kill(broker!.pid!, 'SIGCONT');
  for (const answer of atOnce) {
    problemOf(answer, 'overloaded');
    expect(answer.headers.get('retry-after')).toBe('1');
  }
  await Promise.all(all);
  expect(order.slice(10).map(({ status }) => status)).toEqual(Array(queue).fill(200));
});
