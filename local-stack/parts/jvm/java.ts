import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cached } from '../../base/cache.ts';
import { run } from '../../base/run.ts';

/** The major version of the Java on the PATH, or undefined when there is none. */
export async function javaVersion(): Promise<number | undefined> {
  const output = await versionOutput();
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(output) ?? [];
  return first === '1' ? Number(second) : first ? Number(first) : undefined;
}

let asked: Promise<string> | undefined;

function versionOutput(): Promise<string> {
  asked ??= run('java', ['-version']).then(
    ({ output }) => output,
    () => '',
  );
  return asked;
}

// On a developer's machine, little memory and a quick start count more than speed in the long run.
const leanFlags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

/**
 * JVM flags for a program of the cache, with its archive of loaded classes, which makes a start
 * three times as fast. `train` runs the program once with the flags it is given and stops it
 * cleanly, which writes the archive; its data may go to the scratch folder. Without an archive
 * programs start too, only slower: a failed training is remembered, and not repeated.
 */
export async function fastStartFlags(
  programDir: string,
  heap: string[],
  train: (flags: string[], scratchDir: string) => Promise<void>,
): Promise<string[]> {
  const flags = [...heap, ...leanFlags];
  // An archive fits one Java, one class path and one set of flags.
  const key = [await versionOutput(), programDir, ...flags].join('\n');
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 12);
  const dir = await cached(`classes-${basename(programDir)}-${hash}`, async (into) => {
    const archive = join(into, 'classes.jsa');
    const scratchDir = join(into, 'scratch');
    const training = [...flags, `-XX:ArchiveClassesAtExit=${archive}`, ...quiet];
    await train(training, scratchDir).catch((error) =>
      writeFile(join(into, 'failed.txt'), String(error)),
    );
    await rm(scratchDir, { recursive: true, force: true, maxRetries: 5 });
  });
  const archive = join(dir, 'classes.jsa');
  return existsSync(archive) ? [...flags, `-XX:SharedArchiveFile=${archive}`, ...quiet] : flags;
}

const quiet = ['-Xlog:cds=off', '-Xlog:cds+dynamic=off'];
