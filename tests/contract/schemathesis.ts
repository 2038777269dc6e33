import { type ExecFileException, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Schemathesis sends generated requests to a service and compares the answers to its document. */

const run = promisify(execFile);
const here = import.meta.dirname;
const requirements = join(here, 'requirements.txt');
const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
const home = join(here, '..', '..', '.cache', `schemathesis-${version}`);
const inHome = (program: string) =>
  process.platform === 'win32' ? join(home, 'Scripts', program) : join(home, 'bin', program);

/** Installs the locked packages, once for each change of them. */
export async function installSchemathesis(): Promise<void> {
  const done = join(home, 'installed');
  if (existsSync(done)) return;
  rmSync(home, { recursive: true, force: true });
  const needs = 'the contract test needs Python 3.11 or later with venv (apt: python3-venv)';
  await run('python3', ['-c', 'import sys, ensurepip; assert sys.version_info >= (3, 11)']).catch(
    (cause: unknown) => {
      throw new Error(needs, { cause });
    },
  );
  await run('python3', ['-m', 'venv', home]);
  const locked = ['--require-hashes', '--only-binary', ':all:', '-r', requirements];
  await run(inHome('python'), ['-m', 'pip', 'install', '--quiet', ...locked]);
  writeFileSync(done, '');
}

export type Fuzzing = {
  url: string;
  /** The bearer token, of a user with every role. */
  token: string;
  seed: number;
  phases: readonly ('examples' | 'coverage' | 'fuzzing' | 'stateful')[];
  /** How many requests each phase makes for each operation. */
  examples: number;
  /** Ids of things that exist, by the names of parameters. */
  known: Record<string, string>;
  /** A movie as a line of an import. */
  movie: object;
};

/** @returns how many requests were made. @throws Error with the report if any answer differs. */
export async function fuzz(options: Fuzzing): Promise<number> {
  const { url, token, seed, phases, examples, known, movie } = options;
  const { PATH = '', HOME = '' } = process.env;
  const cwd = mkdtempSync(join(tmpdir(), 'contract-'));
  const env = {
    ...{ PATH, HOME, PYTHONDONTWRITEBYTECODE: '1', SCHEMATHESIS_HOOKS: join(here, 'hooks.py') },
    CONTRACT_TOKEN: token,
    CONTRACT_KNOWN: JSON.stringify(known),
    CONTRACT_MOVIE: JSON.stringify(movie),
  };
  const config = ['--no-color', '--config-file', join(here, 'schemathesis.toml')];
  const wanted = ['--phases', phases.join(','), '--seed', String(seed), '-n', String(examples)];
  const args = [...config, 'run', `${url}/openapi.json`, ...wanted];
  try {
    const { stdout } = await run(inHome('st'), args, { cwd, env, maxBuffer: 64 * 1024 * 1024 });
    return Number(/(\d+) generated/.exec(stdout)?.[1] ?? 0);
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as ExecFileException;
    throw new Error(`Answers differ from the document:\n${stdout}${stderr || message}`);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
