import { statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isFree } from '../base/ports.ts';
import { Problem } from '../base/problem.ts';
import { run } from '../base/run.ts';
import { javaVersion } from '../parts/jvm/java.ts';
import { makeDataDir } from './data-dir.ts';

const OLDEST_JAVA = 17;
const NEEDED_BYTES = 1_000_000_000;

/** @throws Problem when Java is missing or too old. */
export async function checkJava(): Promise<void> {
  const version = await javaVersion();
  if (version === undefined) {
    throw new Problem(`Java is missing: install Java ${OLDEST_JAVA} or newer (a JRE is enough)`);
  }
  if (version < OLDEST_JAVA) {
    throw new Problem(`Java ${version} is too old: install Java ${OLDEST_JAVA} or newer`);
  }
}

/** @throws Problem when Maven, which fetches Kafka and the schema registry, is missing. */
export async function checkMaven(): Promise<void> {
  const found = await run('mvn', ['--version']).then(
    ({ code }) => code === 0,
    () => false,
  );
  if (!found) throw new Problem('Maven is missing: install Maven 3.6 or newer (the command mvn)');
}

/** @throws Problem naming the port, its use, and the setting that changes it. */
export async function checkPorts(wanted: WantedPort[]): Promise<void> {
  const seen = new Map<number, string>();
  for (const { port, setting, use } of wanted.filter(({ port }) => port !== 0)) {
    const other = seen.get(port);
    if (other) throw new Problem(`${setting} and ${other} are both ${port}: change one of them`);
    seen.set(port, setting);
    if (await isFreeSoon(port)) continue;
    throw new Problem(
      `Port ${port}, for ${use}, is taken: stop what listens there, or set ${setting}`,
    );
  }
}

/** The port of a process that was just killed becomes free a moment later. */
async function isFreeSoon(port: number): Promise<boolean> {
  for (const deadline = Date.now() + 1_500; Date.now() < deadline; await sleep(50)) {
    if (await isFree(port)) return true;
  }
  return false;
}

export type WantedPort = { port: number; setting: string; use: string };

/** @throws Problem when the disk with this folder is nearly full. */
export async function checkDisk(dir: string): Promise<void> {
  await makeDataDir(dir).catch((error: Error) => {
    throw new Problem(`DATA_DIR ${dir} can't be made: ${error.message}`);
  });
  const { bavail, bsize } = await statfs(dir);
  const free = bavail * bsize;
  if (free >= NEEDED_BYTES) return;
  const megabytes = Math.floor(free / 1_000_000);
  throw new Problem(
    `Only ${megabytes} MB of disk are free for ${dir}: make room for 1000 MB, or set DATA_DIR`,
  );
}
