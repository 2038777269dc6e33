import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '#local-stack/base/cache.ts';
import { run, runOrFail } from '#local-stack/base/run.ts';
import { pythonPackages } from '../python-packages.ts';

/** The version that `go.mod` of all programs here asks for. */
const neededMinor = 24;

/**
 * A program in Go of the folder `dir` as a file that can be run. It is built once for each change
 * of its code or of its locked modules.
 */
export async function goProgram(name: string, dir: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(dir, file)));
  const made = await cached(`${name}-${hash.digest('hex').slice(0, 12)}`, async (into) => {
    const flags = ['-trimpath', '-ldflags=-s -w', '-o', join(into, name)];
    await runOrFail(await goCommand(), ['build', ...flags, '.'], { cwd: dir });
  });
  return join(made, name);
}

/** Go as it is installed, unless it is missing or too old. */
async function goCommand(): Promise<string> {
  const installed = await run('go', ['version']).catch(() => null);
  const [, minor] = /go1\.(\d+)/.exec(installed?.output ?? '') ?? [];
  if (Number(minor) >= neededMinor) return 'go';
  const home = await pythonPackages('go', join(import.meta.dirname, 'requirements.txt'));
  const [python] = readdirSync(join(home, 'lib'));
  return join(home, 'lib', python as string, 'site-packages', 'go', 'bin', 'go');
}
