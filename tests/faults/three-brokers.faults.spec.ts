import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLog } from '#kernel/log/kafka-log.ts';
import { claimsTopic, namesOf, topicName } from '#kernel/log/topic-names.ts';
import { until } from '#kernel/testing/until.ts';
import { producersOf } from '#kernel/writer/claims/protocol.ts';
import { Committer } from '#kernel/writer/committer.ts';
import type { ManagedProcess } from '#local-stack/base/process.ts';
import type { Stack } from '#local-stack/parts/stack.ts';
import { busyLanes } from '../busy-lanes.ts';
import { restart } from '../chaos-faults.ts';
import { type Fleet, startFleet } from '../chaos-fleet.ts';
import { trial } from '../chaos-trial.ts';
import { claimsOf } from '../claims-of.ts';
import {
  coordinatorOf,
  leaderOf,
  quorumLeaderOf,
  untilInSync,
  untilLeftOut,
} from '../cluster-roles.ts';
import { startOwnStack } from '../own-stack.ts';
import { replay } from '../replay-tool.ts';
import { securedDoor } from '../secured-door.ts';

/** Three brokers, three copies of every topic, two of them enough to write. */

let folder: string;
let stack: Stack;
let fleet: Fleet;
let secured: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'movies-certificates-'));
  const { door, settings } = await securedDoor(folder, 3);
  secured = settings;
  stack = await startOwnStack({ brokers: 3, door });
  fleet = await startFleet('three-brokers', stack, { replication: 3 });
});
afterAll(async () => {
  await fleet?.stop();
  await rm(folder, { recursive: true });
});

const prefix = () => fleet.system.settings.TOPIC_PREFIX ?? '';

/**
 * A lane whose leader coordinates no transaction of a name. After some faults, one broker may
 * coordinate nearly all names, but not all three do.
 */
async function coordinatedElsewhere(leaders: ManagedProcess[], base: string) {
  for (let n = 0; ; n += 1) {
    const name = `${base}-${n}`;
    const ids = producersOf(`${name}-0`).flatMap(namesOf);
    const coordinators = await Promise.all(ids.map((id) => coordinatorOf(stack, id)));
    const stuck = leaders.findIndex((leader) => !coordinators.includes(leader));
    if (stuck >= 0) return { name, stuck };
  }
}

/** How soon lanes are served once Kafka has left a dead broker out, on a machine that is busy. */
const servedAgainMs = 1_500;

/** The name under which a lane is written, as the last claim says. */
const writerOf = async (lane: number) => (await claimsOf(fleet.system, lane)).at(-1)!.name;
const ranking = () => topicName(prefix(), 'ranking');

const killed = (name: string, role: () => Promise<ManagedProcess>) =>
  trial(fleet, name, async (load) => {
    const broker = await role();
    await restart(broker);
    await load.served();
    await untilInSync(stack);
  });

describe('on three brokers', () => {
  it('nothing is lost or doubled without a fault', async () => {
    await trial(fleet, 'three healthy brokers', (load) => load.served(600));
  });

  it('nothing is lost or doubled after kill -9 of a lane’s leader', async () => {
    await killed('kill -9 of a lane’s leader', () => leaderOf(stack, ranking(), 0));
  });

  it('nothing is lost or doubled after kill -9 of a lane’s transaction coordinator', async () => {
    const id = await writerOf(0);
    await killed('kill -9 of a lane’s coordinator', () => coordinatorOf(stack, id));
  });

  it('nothing is lost or doubled after kill -9 of the quorum leader', async () => {
    await killed('kill -9 of the quorum leader', () => quorumLeaderOf(stack));
  });

  it.each([
    ['lane has no leader', 1],
    ['lane gets another', 3],
  ] as const)('lanes of others are served while a dead leader’s %s', async (_, copies) => {
    const log = openLog({ brokers: stack.endpoints.kafka.split(','), clientId: 'dead-leader' });
    const own = `dead-leader-${copies}-${fleet.seed}.`;
    const topic = topicName(own, 'parcels');
    const inSync = { minInSyncReplicas: Math.min(copies, 2) };
    await log.ensureTopics([topic], { lanes: 3, replication: copies, ...inSync });
    const claims = { lanes: 3, replication: 3, minInSyncReplicas: 2, compacted: true };
    await log.ensureTopics([claimsTopic(own)], claims);
    const lanes = [0, 1, 2];
    const leaders = await Promise.all(lanes.map((lane) => leaderOf(stack, topic, lane)));
    const { name, stuck } = await coordinatedElsewhere(leaders, `${own}writer`);
    const victim = leaders[stuck]!;
    const elsewhere = lanes.filter((lane) => leaders[lane] !== victim);
    const node = new Committer({ log, prefix: own, name, onWarning: () => undefined });
    const busy = busyLanes(node, topic, lanes);
    await until(() => lanes.every((lane) => busy.count(lane) > 50));
    const dead = performance.now();
    await victim.kill();
    await untilLeftOut(stack, victim, [claimsTopic(own), '__transaction_state']);
    const leftOut = performance.now();
    await until(() => elsewhere.every((lane) => busy.last(lane) > leftOut + 5_000));
    const to = performance.now();
    if (copies === 1) expect(busy.last(stuck)).toBeLessThan(to - 4_000);
    await victim.start();
    await until(() => busy.last(stuck) > to, { limitMs: 60_000 });
    await busy.stop();
    const gapsFrom = (from: number) =>
      elsewhere.map((lane) => Math.round(busy.gap(lane, from, to)));
    console.log(
      `a dead leader, ${copies} copies: ${gapsFrom(dead)} ms without service elsewhere; ` +
        `${gapsFrom(leftOut)} after it was left out, ${Math.round(leftOut - dead)} ms later`,
    );
    // Until a dead broker is left out, Kafka itself waits for it in all transactions.
    expect(Math.max(...gapsFrom(leftOut))).toBeLessThan(servedAgainMs);
    expect(Math.max(...gapsFrom(dead))).toBeLessThan(leftOut - dead + servedAgainMs);
    // The name is kept: a transaction that is under way is waited for, and not in doubt.
    expect(busy.tenures.size).toBe(1);
    await node.close();
    await log.close();
    await untilInSync(stack);
  });

  it('nothing is lost or doubled by a rolling restart', async () => {
    await trial(fleet, 'rolling restart', async (load) => {
      for (const broker of stack.brokers) {
        await broker.stop();
        await broker.start();
        await untilInSync(stack);
        await load.served(30);
      }
    });
  });

  it('commands get 503 while two brokers are down, and succeed when these are back', async () => {
    await trial(fleet, 'two brokers down', async (load) => {
      const down = stack.brokers.slice(1);
      await Promise.all(down.map((broker) => broker.kill()));
      const at = performance.now();
      const refused = () =>
        load.sent.filter(({ startedAt, status }) => startedAt > at && status === 503);
      await until(() => refused().length >= 10, { limitMs: 60_000 });
      expect((await fetch(`${fleet.nodes[0]?.url}/healthz`)).status).toBe(200);
      await Promise.all(down.map((broker) => broker.start()));
      await load.served();
      await untilInSync(stack);
    });
  });

  it('nothing is lost or doubled, with TLS and a login, after kill -9 of a leader', async () => {
    const plain = fleet;
    await plain.system.stop();
    fleet = await startFleet('secured', stack, { replication: 3, settings: secured });
    await killed('kill -9 of a lane’s leader, TLS and SASL', () => leaderOf(stack, ranking(), 0));
    await plain.mongo.close();
  });

  it('events are copied to a cluster that asks for TLS and a login', async () => {
    const there = join(folder, 'there.env');
    const lines = Object.entries(secured).map(([name, value]) => `${name}=${value}`);
    await writeFile(there, lines.join('\n'));
    const to = ['--to', secured.KAFKA_BROKERS!, '--registry', stack.endpoints.schemaRegistry];
    const copy = (...more: string[]) =>
      replay(fleet.system, 'copy', ...to, '--prefix', 'copied.', ...more);
    expect((await copy()).code).toBe(2);
    const { code, out, err } = await copy('--to-settings', there);
    expect(`${code} ${out}${err}`).toMatch(/^0 .*\b\d{3,} events copied, 0 left out/s);
  });
});
