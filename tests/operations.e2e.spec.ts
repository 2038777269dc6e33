import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { run } from '#local-stack/base/run.ts';
import { casablanca } from '../command-api/movies/movie.ts';
import { ask } from './answers.ts';
import { read, root } from './dockerfile.ts';
import { type System, startSystem } from './system.ts';

/** Every command of the page for operators, in order, on a system with events. */

const page = read('docs/operations.md');
const commands = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
  block.trim().split('\n'),
);

let system: System;
let env: NodeJS.ProcessEnv;
const movies = 3;
const request = randomUUID();
const restored = `restored-${randomUUID().slice(0, 8)}`;

beforeAll(async () => {
  system = await startSystem('operations');
  const { kafka, schemaRegistry } = inject('stack');
  env = {
    ...{ ...process.env, ...system.settings, BACKUP_KAFKA: kafka },
    ...{
      REQUEST: request,
      BACKUP_REGISTRY: schemaRegistry,
      BACKUP_PREFIX: `${restored}.`,
      ...{ ENCRYPTED_PREFIX: `encrypted-${restored}.`, PAST_PREFIX: `past-${restored}.` },
      RESTORED: restored,
    },
    PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`,
  };
  const commandApi = await system.start('command-api');
  await system.start('projectors');
  const headers = await system.as('carol', 'catalogue');
  for (let number = 1; number <= movies; number++) {
    const { movieId: _, ...body } = { ...casablanca, title: `Movie ${number}` };
    const added = await ask(commandApi.url, `PUT /v1/movies/m${number}`, {
      ...{ headers: number === 1 ? { ...headers, 'x-request-id': request } : headers, body },
    });
    expect(added.status).toBe(201);
  }
  env.TIME = new Date(Date.now() + 1).toISOString();
});
afterAll(async () => {
  const client = new MongoClient(system.settings.MONGO_URL ?? '');
  await client.db(restored).dropDatabase();
  await client.close();
  await system?.stop();
});

describe('the page for operators', () => {
  it('names commands', () => {
    expect(commands.length).toBeGreaterThan(10);
  });

  it.each(commands)(
    '%s',
    async (command) => {
      const { code, output } = await run('bash', ['-c', command], { cwd: root, env });
      expect(code, output).toBe(0);
      if (command.includes(' copy ')) expect(output).toContain(`${movies} events`);
      if (command.includes('$REQUEST')) expect(output).toContain('MovieAdded');
      if (command.includes('$RESTORED') && command.includes('verify')) {
        expect(output).toMatch(new RegExp(`movies@\\d+: ${movies} documents of .* are right`));
      }
    },
    120_000,
  );

  it('names only files, settings and commands of this repository', () => {
    const scripts = Object.keys(
      (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts,
    );
    const named = [...page.matchAll(/npm run -s ([\w:]+)/g)].map(([, name]) => name);
    expect(scripts).toEqual(expect.arrayContaining(named));
  });
});
