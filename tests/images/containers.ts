import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { until } from '#kernel/testing/until.ts';
import { isFree } from '#local-stack/base/ports.ts';
import { type Finished, run } from '#local-stack/base/run.ts';
import type { Image, Images } from './images.ts';

type Env = Readonly<Record<string, string>>;

/** A container on the machine's own network, in which the image's user works. */
export type Container = {
  /** Runs a command to its end. */
  run(args: readonly string[], env?: Env): Promise<Finished>;
};

/** A service that runs from its image, on the image's ports. */
export type RunningImage = Container & {
  /** @returns what the image's own health check ends with. */
  health(): Promise<number | null>;
  /** Stops it as an engine does, by SIGTERM. @returns its exit code. */
  stop(): Promise<number | null>;
};

type Made = Container & { program(args: readonly string[], env?: Env): [string, string[]] };

async function make({ buildah }: Images, image: Image): Promise<Made> {
  const container = await buildah.do('from', '--pull-never', image.id);
  const folder = await buildah.do('mount', container);
  const program = (args: readonly string[], env: Env = {}): [string, string[]] => {
    const set = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    const how = ['--isolation', 'chroot', '--network', 'host', ...set];
    return ['buildah', [...buildah.args, 'run', ...how, container, '--', ...args]];
  };
  return {
    program,
    async run(args, env) {
      // Of what a program says at its very end, Buildah passes on some only.
      const file = `/tmp/said-${randomUUID()}`;
      const intoFile = ['sh', '-c', `exec "$@" > ${file} 2>&1`, 'sh', ...args];
      const { code, output } = await run(...program(intoFile, env));
      const said = await readFile(join(folder, file), 'utf8').catch(() => '');
      return { code, output: said || output };
    },
  };
}

/** A container for programs that run once. */
export const containerOf = (images: Images, name: string): Promise<Container> =>
  make(images, images.of(name));

/** Starts a service as its image says, and resolves once its health check says that it is well. */
export async function startImage(images: Images, name: string, env: Env): Promise<RunningImage> {
  const image = images.of(name);
  for (const port of image.ports) {
    if (!(await isFree(port))) throw new Error(`${name} needs port ${port}, which is taken.`);
  }
  const made = await make(images, image);
  const child = spawn(...made.program(image.command, env), { stdio: ['ignore', 'pipe', 'pipe'] });
  // A test run that is interrupted leaves nothing running.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const health = async () => (await made.run(image.health ?? ['false'])).code;
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const isThere = () => fetch(`http://127.0.0.1:${image.ports[0]}/healthz`).catch(() => null);
  await until(async () => hasEnded() || (await isThere()) !== null, { limitMs: 60_000 });
  await until(async () => hasEnded() || (await health()) === 0);
  if (hasEnded()) throw new Error(`${name} ended: ${(await said).join('').slice(-2_000)}`);
  return {
    ...made,
    health,
    async stop() {
      if (hasEnded()) return child.exitCode;
      const ended = once(child, 'exit');
      process.kill(await innermost(child), 'SIGTERM');
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

/** The image's own process. Buildah itself, told to stop, would kill it. */
async function innermost({ pid }: ChildProcess): Promise<number> {
  let at = String(pid);
  for (;;) {
    const threads = await readdir(`/proc/${at}/task`);
    const children = await Promise.all(
      threads.map((thread) => readFile(`/proc/${at}/task/${thread}/children`, 'utf8')),
    );
    const [next] = children.join(' ').trim().split(' ');
    if (!next) return Number(at);
    at = next;
  }
}
