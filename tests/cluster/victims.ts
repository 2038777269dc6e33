import type { MongoClient } from 'mongodb';
import { topicName } from '#kernel/log/topic-names.ts';
import { until } from '#kernel/testing/until.ts';
import type { ManagedProcess } from '#local-stack/base/process.ts';
import { servicesOf } from '#local-stack/commands/services.ts';
import type { RunningSystem } from '#local-stack/system/run-system.ts';
import { settings } from '#schemas/config.ts';
import { leaderOf } from '../cluster-roles.ts';

/** Which process is killed, of each kind that a cluster has several of. */

export type Cluster = Pick<RunningSystem, 'stack' | 'services'> & {
  mongo: MongoClient;
  prefix: string;
};

/** A process, and why it of all its kind. */
export type Victim = { process: ManagedProcess; role: string };

type Choose = (cluster: Cluster) => Promise<Victim>;

const serviceNames = servicesOf(settings.read({})).map(({ name }) => name);

/** Brokers and mongods first. */
export const victimKinds = ['kafka', 'mongod', ...serviceNames];
export type VictimKind = (typeof victimKinds)[number];

const parts: Record<string, Choose> = {
  async kafka({ stack, prefix }) {
    const process = await leaderOf(stack, topicName(prefix, 'ranking'), 0);
    return { process, role: 'leads a lane of votes' };
  },
  async mongod({ stack, mongo }) {
    const { primary } = await mongo.db('admin').command({ hello: 1 });
    const process = stack.mongods.find(({ url }) => url.includes(String(primary)));
    if (!process) throw new Error(`No process is the primary ${primary}.`);
    return { process, role: 'the primary' };
  },
  async 'replay-worker'({ services }) {
    let working: ManagedProcess | undefined;
    await until(async () => {
      for (const process of copiesOf('replay-worker', services)) {
        const answer = await fetch(`${process.url}/readyz`);
        const { details } = (await answer.json()) as { details?: { works?: boolean } };
        if (details?.works) working = process;
      }
      return working !== undefined;
    });
    return { process: working!, role: 'the one that works' };
  },
};

export const copiesOf = (name: string, services: readonly ManagedProcess[]): ManagedProcess[] =>
  services.filter((process) => process.name.startsWith(`${name}-`));

/** The process of this kind whose end is felt most; of services that share the work, the first. */
export async function victimOf(kind: VictimKind, cluster: Cluster): Promise<Victim> {
  const choose = parts[kind];
  if (choose) return choose(cluster);
  const [process] = copiesOf(kind, cluster.services);
  return { process: process!, role: 'one of two' };
}
