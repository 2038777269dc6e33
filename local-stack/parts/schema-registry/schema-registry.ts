import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../base/ports.ts';
import { ManagedProcess } from '../../base/process.ts';
import { fastStartFlags } from '../jvm/java.ts';
import { mavenProgram } from '../jvm/maven.ts';

const HEAP = ['-Xms32m', '-Xmx128m'];

export type RegistryOptions = { dataDir: string; logDir: string; port: number };
export type RegistryProgram = { flags: string[]; jar: string };

/** Fetches the registry and prepares its fast start. */
export async function registryProgram(): Promise<RegistryProgram> {
  const programDir = await mavenProgram('schema-registry');
  const runner = (await readdir(programDir)).find((file) => file.endsWith('-runner.jar'));
  if (!runner) throw new Error(`no runner jar in ${programDir}`);
  const jar = join(programDir, runner);
  const flags = await fastStartFlags(programDir, HEAP, (training, scratchDir) =>
    train({ flags: training, jar }, scratchDir),
  );
  return { flags, jar };
}

/** The schema registry, its ids and subjects kept in a file. */
export async function schemaRegistry(
  { flags, jar }: RegistryProgram,
  { dataDir, logDir, port }: RegistryOptions,
): Promise<ManagedProcess> {
  const dir = join(dataDir, 'schema-registry');
  await mkdir(dir, { recursive: true });
  const base = `http://127.0.0.1:${port}`;
  return new ManagedProcess({
    name: 'schema-registry',
    url: `${base}/apis/ccompat/v7`,
    command: 'java',
    args: [
      ...flags,
      // The registry's own setting `registry.datasource.url` would keep everything in memory.
      `-Dquarkus.datasource.jdbc.url=jdbc:h2:file:${join(dir, 'registry')}`,
      '-Dquarkus.http.host=127.0.0.1',
      `-Dquarkus.http.port=${port}`,
      '-Dquarkus.log.level=WARN',
      '-Dquarkus.banner.enabled=false',
      ...['-jar', jar],
    ],
    // The registry's log handler writes to the folder that it is started in.
    cwd: dir,
    logFile: join(logDir, 'schema-registry.log'),
    ready: async () => (await isUp(base)) && (await requireFullTransitive(base)),
  });
}

const isUp = async (base: string) =>
  (await fetch(`${base}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok;

/** The registry accepts any change unless told otherwise. */
async function requireFullTransitive(base: string): Promise<boolean> {
  const answer = await fetch(`${base}/apis/ccompat/v7/config`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ compatibility: 'FULL_TRANSITIVE' }),
    signal: AbortSignal.timeout(5_000),
  });
  return answer.ok;
}

async function train({ flags, jar }: RegistryProgram, dataDir: string): Promise<void> {
  const options = { dataDir, logDir: dataDir, port: await freePort() };
  const trainee = await schemaRegistry({ flags, jar }, options);
  await trainee.start();
  await trainee.stop();
}
