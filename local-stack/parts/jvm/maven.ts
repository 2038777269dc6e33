import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, cached } from '../../base/cache.ts';
import { messageOf, Problem } from '../../base/problem.ts';
import { runOrFail } from '../../base/run.ts';

const pom = join(import.meta.dirname, 'pom.xml');
const goals = {
  kafka: 'dependency:copy-dependencies@kafka',
  'schema-registry': 'dependency:unpack@schema-registry',
};

type Program = keyof typeof goals;

/** A changed pom.xml means a new folder. */
async function folderOf(program: Program): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(pom))
    .digest('hex')
    .slice(0, 12);
  return `${program}-${hash}`;
}

export const isFetched = async (program: Program): Promise<boolean> =>
  existsSync(join(cacheDir, await folderOf(program)));

/** The version of Kafka that is fetched, such as `4.2.2`. */
export async function kafkaVersion(): Promise<string> {
  const [, version] = /<kafka\.version>(.+?)</.exec(await readFile(pom, 'utf8')) ?? [];
  if (!version) throw new Error(`${pom} has no kafka.version`);
  return version;
}

/** The folder with the program's jars. */
export async function mavenProgram(program: Program): Promise<string> {
  return cached(await folderOf(program), async (into) => {
    try {
      await runOrFail('mvn', ['-B', '-q', '-f', pom, goals[program], `-Dinto=${into}`]);
    } catch (error) {
      const reason = /\[ERROR\] (.*)/.exec(messageOf(error))?.[1] ?? messageOf(error);
      throw new Problem(`Maven could not fetch ${program}; try again when online: ${reason}`);
    }
  });
}
