import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

type Pinned = Record<'dependencies' | 'devDependencies' | 'optionalDependencies', object>;

/** The peers of the command API: their libraries, and the binaries of PostgreSQL. */
export function peerVersions(): Record<string, string> {
  const pinned = JSON.parse(read('bench/commands/peers/package.json')) as Pinned;
  return { ...pinned.dependencies, ...pinned.optionalDependencies };
}

/**
 * The versions of the programs and libraries that a benchmark runs on.
 * @param libraries their names in package.json, where each is pinned.
 */
export async function versions(mongoUrl: string, libraries: readonly string[]) {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Pinned;
  const pinned: Record<string, string> = { ...dependencies, ...devDependencies };
  const pom = read('local-stack/parts/jvm/pom.xml');
  const ofPom = (name: string) => new RegExp(`<${name}>(.+)</${name}>`).exec(pom)?.[1];
  const client = await new MongoClient(mongoUrl).connect();
  try {
    const { version } = await client.db('admin').command({ buildInfo: 1 });
    return {
      kafka: ofPom('kafka.version'),
      schemaRegistry: ofPom('registry.version'),
      mongod: version as string,
      ...Object.fromEntries(libraries.map((name) => [name, pinned[name]])),
    };
  } finally {
    await client.close();
  }
}
