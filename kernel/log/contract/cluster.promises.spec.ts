import { randomUUID } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  event,
  openWorld,
  type Running,
  readAll,
  recordsOf,
  takeUntil,
  textOf,
  type World,
} from '../../testing/log-world.ts';
import { until } from '../../testing/until.ts';
import { connector } from '../cluster.ts';
import { Connections } from '../connections.ts';
import {
  AbortedError,
  type FencedProducer,
  InDoubtError,
  type Position,
  type TopicLane,
} from '../log.ts';
import { Metadata } from '../metadata.ts';
import { namesOf } from '../topic-names.ts';

/** A broker's process, as far as a trial has to do with it. */
export type Broker = { url: string; kill(): Promise<unknown>; start(): Promise<unknown> };

const laneCount = 6;
/** Doubling shows only under load that lasts: a client that does it has doubled dozens by then. */
const loadEvents = 3_000;

/** A lane's owner as the write side has it: appends in doubt are looked up after a takeover. */
const laneOwner = (world: World, topics: string[], lane: number) => {
  const id = `owner-${randomUUID()}`;
  const lanes: TopicLane[] = topics.map((topic) => ({ topic, lane }));
  let producer: FencedProducer | undefined;
  let doubts = 0;

  const take = async (): Promise<Position[]> => {
    producer = await world.log.producer(id);
    return producer.barrier(lanes);
  };

  const isCommitted = async (names: string[]): Promise<boolean> => {
    for (;;) {
      await producer?.close();
      try {
        const until = await take();
        const from = lanes.map((at) => ({ ...at, next: 0 }));
        const found = new Set(recordsOf(await readAll(world.log, from, until)).map(textOf));
        const present = names.filter((name) => found.has(name));
        if (present.length > 0) expect(present).toEqual(names);
        return present.length > 0;
      } catch (error) {
        if (!(error instanceof InDoubtError)) throw error;
      }
    }
  };

  return {
    doubts: () => doubts,
    /** Resolves when these events are committed, once each. */
    append: async (names: string[]): Promise<void> => {
      for (;;) {
        try {
          if (!producer) await take();
          const records = names.map((name, at) => event(topics[at % topics.length]!, lane, name));
          await producer?.append(records);
          return;
        } catch (error) {
          if (!(error instanceof InDoubtError)) throw error;
          doubts++;
          if (await isCommitted(names)) return;
        }
      }
    },
    close: () => producer?.close(),
  };
};

const counted = (texts: string[]): { once: number; more: string[] } => {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return { once: counts.size, more: [...counts].filter(([, n]) => n > 1).map(([text]) => text) };
};

export const clusterPromises = (cluster: Running, brokers: () => Broker[]): void => {
  describe('in a cluster', () => {
    let world: World;
    beforeAll(() => {
      world = openWorld(cluster());
    });
    afterAll(() => world.close());

    const everything = async (topics: string[], count = laneCount): Promise<string[]> => {
      const lanes = topics.flatMap((topic) =>
        Array.from({ length: count }, (_, lane) => ({ topic, lane })),
      );
      const owner = await world.log.producer(`count-${randomUUID()}`);
      const until = await owner.barrier(lanes);
      const chunks = await readAll(
        world.log,
        lanes.map((at) => ({ ...at, next: 0 })),
        until,
      );
      return recordsOf(chunks).map(textOf);
    };

    /** Group commit: one transaction in flight per lane; events that wait form the next. */
    const groupCommit = (append: (names: string[]) => Promise<void>) => {
      let waiting: { name: string; done: () => void }[] = [];
      const loop = async (signal: AbortSignal): Promise<void> => {
        while (!signal.aborted || waiting.length > 0) {
          const group = waiting;
          waiting = [];
          if (group.length === 0) await breathe();
          else await append(group.map(({ name }) => name));
          for (const { done } of group) done();
        }
      };
      const commit = (name: string) => new Promise<void>((done) => waiting.push({ name, done }));
      return { loop, commit };
    };

    const underLoad = async (
      topics: string[],
      callers: number,
      during: (acknowledged: Set<string>) => Promise<void>,
    ): Promise<{ acknowledged: Set<string>; doubts: number }> => {
      const owners = Array.from({ length: laneCount }, (_, lane) => laneOwner(world, topics, lane));
      const commits = owners.map((owner) => groupCommit(owner.append));
      const stopping = new AbortController();
      const acknowledged = new Set<string>();
      const call = async (caller: number): Promise<void> => {
        for (let number = 0; !stopping.signal.aborted; number++) {
          const name = `${caller}.${number}`;
          await commits[(caller + number) % laneCount]?.commit(name);
          acknowledged.add(name);
        }
      };
      const calls = Array.from({ length: callers }, (_, caller) => call(caller));
      const loops = commits.map(({ loop }) => loop(stopping.signal));
      await during(acknowledged);
      stopping.abort();
      await Promise.all([...calls, ...loops]);
      await Promise.all(owners.map((owner) => owner.close()));
      const doubts = owners.reduce((sum, owner) => sum + owner.doubts(), 0);
      return { acknowledged, doubts };
    };

    /** For each lane of a topic, the port of the broker that leads it. */
    const leadersOf = async (topic: string): Promise<number[]> => {
      const admin = world.foreign.admin();
      await admin.connect();
      const [metadata, { brokers: nodes }] = await Promise.all([
        admin.fetchTopicMetadata({ topics: [topic] }),
        admin.describeCluster(),
      ]);
      await admin.disconnect();
      const lanes = metadata.topics[0]!.partitions;
      return lanes
        .toSorted((a, b) => a.partitionId - b.partitionId)
        .map(({ leader }) => nodes.find(({ nodeId }) => nodeId === leader)?.port ?? 0);
    };

    const brokerAt = (port: number | undefined): Broker => {
      const found = brokers().find(({ url }) => url.endsWith(`:${port}`));
      if (!found) throw new Error('no process leads the lane');
      return found;
    };

    test('no event is doubled or lost under load, without any fault', async () => {
      const topics = await Promise.all([1, 2, 3, 4].map(() => world.topic(laneCount)));
      const { acknowledged, doubts } = await underLoad(topics, 64, (done) =>
        until(() => done.size >= loadEvents),
      );
      const { once, more } = counted(await everything(topics));
      console.log(`load: ${acknowledged.size} events, ${doubts} in doubt`);
      expect(more).toEqual([]);
      expect(once).toBe(acknowledged.size);
    });

    test('kill -9 of a leader loses and doubles nothing; readers and writers go on', async () => {
      const topics = await Promise.all([1, 2].map(() => world.topic(laneCount)));
      const reader = world.log.reader();
      const all = topics.flatMap((topic) =>
        Array.from({ length: laneCount }, (_, lane) => ({ topic, lane, next: 0 })),
      );
      const following = reader.subscribe(all);
      const followed: string[] = [];
      const victim = brokerAt((await leadersOf(topics[0]!))[0]);
      const { acknowledged, doubts } = await underLoad(topics, 24, async (done) => {
        const followedTo = async (count: number): Promise<void> => {
          await takeUntil(following, (chunks) => {
            const texts = recordsOf(chunks).map(textOf);
            return followed.length + texts.length >= count && done.size >= count;
          }).then((chunks) => followed.push(...recordsOf(chunks).map(textOf)));
        };
        await followedTo(300);
        await victim.kill();
        await followedTo(done.size + 300);
        await victim.start();
        await followedTo(done.size + 300);
      });
      const found = await everything(topics);
      const rest = await takeUntil(following, (chunks) => {
        return followed.length + recordsOf(chunks).length >= found.length;
      });
      followed.push(...recordsOf(rest).map(textOf));
      await reader.close();
      console.log(`kill: ${acknowledged.size} events, ${doubts} in doubt`);
      expect(counted(found).more).toEqual([]);
      expect(found.toSorted()).toEqual([...acknowledged].toSorted());
      expect(followed.toSorted()).toEqual(found.toSorted());
    });

    /** The ports of the brokers that coordinate the transactions of an id. */
    const coordinatorsOf = async (id: string): Promise<number[]> => {
      const access = { brokers: cluster().brokers, clientId: 'contract' };
      const connections = new Connections(connector(access));
      const seeds = access.brokers.map((url) => ({ host: '127.0.0.1', port: portOf(url) }));
      const metadata = new Metadata(seeds, connections, () => {});
      try {
        const found = await Promise.all(namesOf(id).map((name) => metadata.coordinator(name)));
        return found.map(({ port }) => port);
      } finally {
        await connections.close();
      }
    };

    test('a lane without a leader ends the transaction, and not the producer', async () => {
      const topic = `contract-${randomUUID()}`;
      await world.log.ensureTopics([topic], { lanes: 3, replication: 1, minInSyncReplicas: 1 });
      const id = `owner-${randomUUID()}`;
      let owner = await world.log.producer(id);
      const leaders = await leadersOf(topic);
      const coordinators = await coordinatorsOf(id);
      const stuck = leaders.findIndex((port) => !coordinators.includes(port));
      const healthy = (stuck + 1) % leaders.length;
      const append = (text: string, ...lanes: number[]) =>
        owner.append(
          lanes.map((lane) => event(topic, lane, text)),
          () => [],
          { troubleAfterMs: 200 },
        );
      /** A busy machine may be slower than the time that a leader has to answer. */
      const appended = (text: string, ...lanes: number[]) =>
        until(() => append(text, ...lanes).then(() => true, isAborted));
      await appended('first', healthy, stuck);
      // Each name begins again only once the markers of its last transaction are written. Those of
      // a lane that has no leader can't be, and until they are nobody can take over the name. A
      // barrier goes under each name; an append takes the one that is free.
      await owner.barrier([{ topic, lane: healthy }]);
      const victim = brokerAt(leaders[stuck]);
      await victim.kill();
      let isBack = false;
      const restart = async () => {
        if (!isBack) await victim.start();
        isBack = true;
      };
      onTestFinished(restart);
      // Until the dead broker is out of the cluster, the coordinator waits for it as well.
      await until(async () => {
        owner = await world.log.producer(id);
        return append('alone', healthy).then(
          () => true,
          () => false,
        );
      });
      await appended('alone', healthy);
      const aborted = await append('aborted', stuck, healthy).catch((error: unknown) => error);
      expect(aborted).toBeInstanceOf(AbortedError);
      expect((aborted as AbortedError).lanes).toContainEqual({ topic, lane: stuck });
      // A barrier goes under that transaction's name first, and its leader needs longer to refuse.
      const hurried = owner.barrier([{ topic, lane: healthy }], { troubleAfterMs: 20 });
      expect(await hurried.catch((error: unknown) => error)).toBeInstanceOf(AbortedError);
      await appended('beside it', healthy);
      await appended('beside it', healthy);
      await restart();
      await appended('again', healthy, stuck);
      await appended('and again', healthy, stuck);
      const texts = (await everything([topic], 3)).toSorted();
      const twice = ['first', 'again', 'and again'].flatMap((text) => [text, text]);
      const alones = texts.filter((text) => text === 'alone');
      expect(texts).toEqual([...twice, ...alones, 'beside it', 'beside it'].toSorted());
    });
  });
};

const portOf = (url: string): number => Number(url.split(':').at(-1));

const isAborted = (error: unknown): boolean => {
  if (error instanceof AbortedError) return false;
  throw error;
};
