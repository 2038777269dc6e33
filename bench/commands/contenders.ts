import { progress, type Rig, type Server } from '../rig.ts';
import { startBeside } from './beside.ts';
import { installPeers } from './install-peers.ts';
import { startPostgresql } from './postgresql.ts';

/** The services that cast votes, each as its own process, all on the same machine. */

type Store = 'kafka' | 'mongod' | 'postgresql';

type Contender = {
  what: string;
  /** Beside command-api, which is the one that the others are compared with. */
  program: string;
  settings?: Record<string, string>;
  /** Its stores, whose processor time counts with its own. */
  stores: readonly Store[];
  /** Whether it knows earlier votes, so that a first vote and a change are different work. */
  decides: boolean;
};

const onKafka = { stores: ['kafka'], decides: false } as const;
const decides = 'reads the stream, decides, and appends with the expected version';

export const contenders = {
  express: {
    what: 'checks the token, and answers',
    program: 'express.ts',
    ...{ stores: [], decides: false },
  },
  'send-per-request': {
    what: 'sends the event with a kafkajs send of its own (acks all)',
    program: 'send-per-request.ts',
    settings: { TOPIC_PREFIX: 'naive.' },
    ...onKafka,
  },
  'send-in-order': {
    what: 'the same with an idempotent producer, which allows one send at a time',
    program: 'send-per-request.ts',
    settings: { TOPIC_PREFIX: 'naive.', IN_ORDER: 'yes' },
    ...onKafka,
  },
  'castore-postgresql': {
    what: `Castore on PostgreSQL: ${decides}`,
    program: 'peers/castore-postgresql.ts',
    ...{ stores: ['postgresql'], decides: true },
  },
  'emmett-postgresql': {
    what: `Emmett on PostgreSQL: ${decides}`,
    program: 'peers/emmett-postgresql.ts',
    ...{ stores: ['postgresql'], decides: true },
  },
  'emmett-mongodb': {
    what: `Emmett on MongoDB: ${decides}`,
    program: 'peers/emmett-mongodb.ts',
    settings: { MONGO_DATABASE: 'emmett' },
    ...{ stores: ['mongod'], decides: true },
  },
} as const satisfies Record<string, Contender>;

export type Peer = keyof typeof contenders;
/** `beside` is command-api of another commit. */
export type Name = Peer | 'beside' | 'command-api';

export type Running = {
  name: Name;
  server: Server;
  /** The process ids of its stores. */
  stores: number[];
  decides: boolean;
};

const isPeer = (name: Peer) => contenders[name].program.startsWith('peers/');

export type Contenders = { all: Running[]; end(): Promise<void> };

/** Starts our command API and what it is compared with, in the order of the measurement. */
export async function startContenders(
  rig: Rig,
  peers: readonly Peer[],
  beside: string | undefined,
): Promise<Contenders> {
  if (peers.some(isPeer)) await progress.step('Install the peers', installPeers);
  const postgresql = peers.some((name) => storesOf(name).includes('postgresql'))
    ? await progress.step('Start PostgreSQL', () => startPostgresql(rig.dataDir))
    : undefined;
  const pids = { ...rig.stores, postgresql: postgresql?.pid ?? 0 };
  const ours = { stores: [pids.kafka, pids.mongod], decides: true };
  await Promise.all([rig.deploy(''), rig.deploy('naive.')]);
  const all: Running[] = [];
  for (const name of peers) {
    const { program, decides, ...more } = contenders[name] as Contender;
    const server = await rig.start(`bench/commands/${program}`, {
      ...{ POSTGRESQL_URL: postgresql?.url, ...more.settings },
      ...rig.profiled,
    });
    all.push({ name, server, decides, stores: storesOf(name).map((store) => pids[store]) });
  }
  if (beside) all.push({ name: 'beside', server: await startBeside(rig, beside), ...ours });
  const server = await rig.start('command-api/main.ts', rig.profiled);
  await rig.run('scraper/main.ts', ['scraper/catalogue.csv'], { COMMAND_API_URL: server.url });
  all.push({ name: 'command-api', server, ...ours });
  return {
    all,
    async end() {
      await Promise.all(all.map((one) => one.server.end()));
      await postgresql?.stop();
    },
  };
}

const storesOf = (name: Peer): readonly Store[] => contenders[name].stores;
