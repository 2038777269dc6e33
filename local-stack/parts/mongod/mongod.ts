import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, MongoClient, MongoServerError } from 'mongodb';
import { ManagedProcess } from '../../base/process.ts';

const REPLICA_SET = 'rs0';
// By default, a member of a set takes 15 s to tell the others that it is about to stop.
const quickGoodbye = 'shutdownTimeoutMillisForSignaledShutdown=100';
// mongod logs slow operations with their filters and documents, which hold what people wrote.
const neverSlow = '2147483647';
const NOT_YET_INITIALIZED = 94;
const NOT_A_MEMBER_ANY_MORE = 93;
const UNAUTHORIZED = 13;

export type MongodOptions = {
  dataDir: string;
  logDir: string;
  ports: number[];
  /** The cache of each mongod. */
  mongodCacheGb?: number | undefined;
  mongodDoor?: MongodDoor | undefined;
};

/** What makes a mongod ask for TLS and a login, and what its clients' URLs need for it. */
export type MongodDoor = { args: string[]; query: string };

/** One mongod per port, all members of one replica set, which transactions need. */
export async function mongods(binary: string, options: MongodOptions): Promise<ManagedProcess[]> {
  const { dataDir, logDir, ports, mongodCacheGb = 0.25, mongodDoor: door } = options;
  return Promise.all(
    ports.map(async (port, index) => {
      const name = ports.length === 1 ? 'mongod' : `mongod-${index + 1}`;
      const dir = join(dataDir, `mongod-${index + 1}`);
      await mkdir(dir, { recursive: true });
      return new ManagedProcess({
        name,
        url: mongoUrl([port], door),
        command: binary,
        args: [
          ...['--dbpath', dir, '--port', String(port), '--bind_ip', '127.0.0.1'],
          ...[
            '--replSet',
            REPLICA_SET,
            '--oplogSize',
            '512',
            '--wiredTigerCacheSizeGB',
            `${mongodCacheGb}`,
          ],
          ...['--setParameter', 'diagnosticDataCollectionEnabled=false', '--quiet'],
          ...['--slowms', neverSlow],
          ...(ports.length > 1 ? ['--setParameter', quickGoodbye] : []),
          ...(door?.args ?? []),
        ],
        logFile: join(logDir, `${name}.log`),
        ready: async () => (await directly(port, door, (db) => db.command({ ping: 1 })))?.ok === 1,
      });
    }),
  );
}

export const mongoUrl = (ports: number[], door?: MongodDoor): string =>
  `mongodb://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/?replicaSet=${REPLICA_SET}` +
  (door ? `&${door.query}` : '');

/** Makes the mongods a replica set, or updates its members' ports, and waits for a primary. */
export async function joinReplicaSet(ports: number[], door?: MongodDoor): Promise<void> {
  await directly(ports[0]!, door, async (admin) => {
    const config = await currentConfig(admin);
    const wanted = ports.map((port) => `127.0.0.1:${port}`);
    if (!config) await admin.command({ replSetInitiate: firstConfig(wanted) });
    else if (!sameMembers(config, wanted)) {
      const members = firstConfig(wanted).members;
      const changed = { ...config, version: Number(config.version) + 1, members };
      await admin.command({ replSetReconfig: changed, force: true });
    }
  });
  const client = new MongoClient(mongoUrl(ports, door), { serverSelectionTimeoutMS: 30_000 });
  try {
    await client.db('admin').command({ ping: 1 }, { readPreference: 'primary' });
  } finally {
    await client.close();
  }
}

const firstConfig = (hosts: string[]) => ({
  _id: REPLICA_SET,
  members: hosts.map((host, index) => ({ _id: index, host })),
  settings: { electionTimeoutMillis: 2_000 },
});

const sameMembers = (config: Document, wanted: string[]): boolean =>
  JSON.stringify((config.members as { host: string }[]).map(({ host }) => host)) ===
  JSON.stringify(wanted);

type Admin = { command: (command: Document) => Promise<Document> };

async function currentConfig(admin: Admin): Promise<Document | undefined> {
  try {
    return (await admin.command({ replSetGetConfig: 1 })).config as Document;
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    if (error.code === NOT_YET_INITIALIZED) return undefined;
    // Where logins are asked for and there is no user yet, a set may only be begun.
    if (error.code === UNAUTHORIZED) return undefined;
    // A set whose only member had another port doesn't know this one; its config is on disk.
    if (error.code === NOT_A_MEMBER_ANY_MORE) return storedConfig(admin);
    throw error;
  }
}

async function storedConfig(admin: Admin): Promise<Document | undefined> {
  const { config } = await admin.command({ replSetGetConfig: 1, commitmentStatus: false });
  return config as Document;
}

async function directly<T>(
  port: number,
  door: MongodDoor | undefined,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?${door?.query ?? ''}`, {
    directConnection: true,
    serverSelectionTimeoutMS: 1_000,
  });
  try {
    return await work(client.db('admin'));
  } finally {
    await client.close();
  }
}
