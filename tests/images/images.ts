import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOrFail } from '#local-stack/base/run.ts';
import { read, root, stagesOf } from '../dockerfile.ts';
import { provideBase } from './base-image.ts';
import { type Buildah, openBuildah } from './buildah.ts';

/** An image as it was built, with what its configuration says. */
export type Image = {
  name: string;
  id: string;
  command: string[];
  /** The arguments of its health check; null if it has none. */
  health: string[] | null;
  ports: number[];
};

export type Images = {
  buildah: Buildah;
  of(name: string): Image;
  remove(): Promise<void>;
};

/** Builds these stages of the Dockerfile: first one that needs all that they share. */
export async function buildImages(first: string, others: readonly string[]): Promise<Images> {
  const buildah = await openBuildah();
  const folder = await mkdtemp(join(tmpdir(), 'movies-dockerfile-'));
  const dockerfile = join(folder, 'Dockerfile');
  const text = read('Dockerfile');
  const stages = stagesOf(text);
  const bases = [...stages.values()].map(({ from }) => from).filter((from) => !stages.has(from));
  const images = new Map<string, Image>();
  const built = async (name: string) => {
    images.set(name, await build(buildah, name, dockerfile));
  };
  try {
    // Buildah of Debian 12 doesn't know this option, which counts while a container starts.
    await writeFile(dockerfile, text.replaceAll(/ --start-interval=\S+/g, ''));
    for (const base of new Set(bases)) await provideBase(buildah, base);
    await built(first);
    await Promise.all(others.map(built));
  } catch (error) {
    await buildah.remove();
    throw error;
  } finally {
    await rm(folder, { recursive: true });
  }
  return {
    buildah,
    of: (name) => images.get(name)!,
    remove: () => buildah.remove(),
  };
}

async function build(buildah: Buildah, name: string, dockerfile: string): Promise<Image> {
  const idFile = `${dockerfile}.${name}`;
  const how = ['--pull-never', '--layers', '--isolation', 'chroot', '--network', 'host'];
  const atOnce = ['--jobs', '2'];
  const what = ['--format', 'docker', '--file', dockerfile, '--target', name, '--iidfile', idFile];
  await runOrFail('buildah', [...buildah.args, 'build', ...how, ...atOnce, ...what, '.'], {
    cwd: root,
  });
  const id = (await readFile(idFile, 'utf8')).trim();
  const { Docker } = JSON.parse(await buildah.do('inspect', '--type', 'image', id)) as Inspected;
  const { Cmd: command, Healthcheck: health, ExposedPorts: ports = {} } = Docker.config;
  return {
    ...{ name, id, command },
    // The first word says how it is run: as it is, without a shell.
    health: health?.Test.slice(1) ?? null,
    ports: Object.keys(ports).map((port) => Number.parseInt(port, 10)),
  };
}

type Inspected = {
  Docker: {
    config: {
      Cmd: string[];
      Healthcheck?: { Test: string[] };
      ExposedPorts?: Record<string, object>;
    };
  };
};
