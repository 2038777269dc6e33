import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '#local-stack/base/cache.ts';
import { runOrFail } from '#local-stack/base/run.ts';

/**
 * A program in Go of the folder `dir` as a file that can be run. It is built once for each change
 * of its code or of its locked modules.
 */
export async function goProgram(name: string, dir: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(dir, file)));
  const made = await cached(`${name}-${hash.digest('hex').slice(0, 12)}`, async (into) => {
    const flags = ['-trimpath', '-ldflags=-s -w', '-o', join(into, name)];
    await runOrFail('go', ['build', ...flags, '.'], { cwd: dir });
  });
  return join(made, name);
}
