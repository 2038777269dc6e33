import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { until } from '#kernel/testing/until.ts';
import type { ManagedProcess } from '#local-stack/base/process.ts';
import type { Stack } from '#local-stack/parts/stack.ts';

/** Which process has which role in a cluster, according to Kafka itself. */

/** The broker that leads a lane of a topic. */
export const leaderOf = (stack: Stack, topic: string, lane: number): Promise<ManagedProcess> =>
  asking(stack, async (admin) => {
    const [metadata, { brokers: nodes }] = await Promise.all([
      admin.fetchTopicMetadata({ topics: [topic] }),
      admin.describeCluster(),
    ]);
    const partition = metadata.topics[0]?.partitions.find((one) => one.partitionId === lane);
    const node = nodes.find(({ nodeId }) => nodeId === partition?.leader);
    const found = stack.brokers.find(({ url }) => url.endsWith(`:${node?.port}`));
    if (!found) throw new Error(`No process leads lane ${lane} of ${topic}.`);
    return found;
  });

const transactionLanes = 6;

/** The coordinator of a transactional id: the leader of the partition that its hash selects. */
export function coordinatorOf(stack: Stack, transactionalId: string): Promise<ManagedProcess> {
  let hash = 0;
  for (const char of transactionalId) hash = (Math.imul(31, hash) + char.charCodeAt(0)) | 0;
  return leaderOf(stack, '__transaction_state', Math.abs(hash) % transactionLanes);
}

/** The leader of the metadata quorum, as the member with the newest epoch has written it. */
export async function quorumLeaderOf({ dataDir, brokers }: Stack): Promise<ManagedProcess> {
  const states = await Promise.all(
    brokers.map(async (_, at) => {
      const dir = join(dataDir, `kafka-${at + 1}`, 'data', '__cluster_metadata-0');
      const text = await readFile(join(dir, 'quorum-state'), 'utf8');
      return JSON.parse(text) as { leaderId: number; leaderEpoch: number };
    }),
  );
  const newest = states.toSorted(
    (a, b) => b.leaderEpoch - a.leaderEpoch || b.leaderId - a.leaderId,
  );
  return brokers[newest[0]!.leaderId - 1]!;
}

/** Waits until the cluster counts on a dead broker no longer: until then appends wait for it. */
export const untilLeftOut = (stack: Stack, dead: ManagedProcess, topics: string[]) => {
  const node = stack.brokers.indexOf(dead) + 1;
  return until(() =>
    asking(stack, async (admin) => {
      const { topics: found } = await admin.fetchTopicMetadata({ topics });
      return found.every(({ partitions }) => partitions.every(({ isr }) => !isr.includes(node)));
    }).catch(() => false),
  );
};

/** Waits until every replica of every lane is in sync with its leader. */
export const untilInSync = (stack: Stack): Promise<void> =>
  until(
    () =>
      asking(stack, async (admin) => {
        const { topics } = await admin.fetchTopicMetadata();
        return topics.every(({ partitions }) =>
          partitions.every(({ isr, replicas, leader }) => {
            return leader >= 0 && isr.length === replicas.length;
          }),
        );
      }).catch(() => false),
    { limitMs: 60_000 },
  );

async function asking<T>(stack: Stack, ask: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({
    brokers: stack.endpoints.kafka.split(','),
    clientId: 'cluster-roles',
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, retries: 10, maxRetryTime: 500 },
  }).admin();
  await admin.connect();
  try {
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
}
