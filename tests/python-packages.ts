import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '#local-stack/base/cache.ts';
import { runOrFail } from '#local-stack/base/run.ts';

/**
 * Installs packages of Python once for each change of the file that locks them.
 * @param file requirements with hashes.
 * @returns a virtual environment with `bin/python`.
 */
export async function pythonPackages(name: string, file: string): Promise<string> {
  const version = createHash('sha256').update(readFileSync(file)).digest('hex');
  return cached(`${name}-${version.slice(0, 12)}`, async (into) => {
    await runOrFail('python3', ['-m', 'venv', into]);
    const locked = ['--require-hashes', '--only-binary', ':all:', '-r', file];
    await runOrFail(join(into, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...locked]);
  });
}
