import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { StartedCommand } from '#tests/started-command.ts';
import { repositoryDir } from '../../base/cache.ts';
import { freePorts } from '../../base/ports.ts';
import { readEndpoints } from '../../parts/endpoints.ts';
import { commandLine, DataDir } from '../../system/data-dir.ts';

const FIRST_START_MS = 300_000;
const SOON_MS = 60_000;
const parts = ['kafka', 'mongod', 'schema-registry'];
const services = ['command-api', 'projectors', 'reactors', 'replay-worker', 'query-api'];

describe('npm start in an empty folder', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let start: StartedCommand;
  let genres: unknown;

  const endpoints = () => readEndpoints(join(folder, '.data', 'endpoints.json'));
  const service = (name: string) => endpoints().services.find((one) => one.name === name)!;
  const askGenres = async () =>
    (await fetch(`${service('query-api').url}/v1/genres`)).json() as Promise<{ items: unknown[] }>;

  beforeAll(async () => {
    folder = freshCopy();
    env = { ...userEnvironment(), ...(await ownPorts()) };
    start = new StartedCommand(folder, env);
    await start.shows(/^Ready\./m, FIRST_START_MS);
  }, FIRST_START_MS);

  afterAll(async () => {
    await start.killAll();
    await new DataDir(join(folder, '.data')).endOrphans();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('ends with the running processes, a token for each demo user and a tour', () => {
    for (const name of [...parts, ...services]) expect(start.output).toContain(service(name).url);
    for (const user of ['ALICE', 'SAM', 'CAROL', 'OLGA']) {
      expect(start.output).toMatch(new RegExp(`^export ${user}=[\\w-]+\\.[\\w-]+\\.[\\w-]+$`, 'm'));
    }
    expect(start.output.match(/curl /g)?.length).toBeGreaterThanOrEqual(5);
  });

  it('lists every process in endpoints.json', async () => {
    const { services: running, ...addresses } = endpoints();
    expect(running.map(({ name }) => name).sort()).toEqual([...parts, ...services].sort());
    for (const { pid } of running) expect(await commandLine(pid)).toContain(folder);
    expect(addresses).toEqual({
      kafka: `127.0.0.1:${env.KAFKA_PORT}`,
      schemaRegistry: `http://127.0.0.1:${env.SCHEMA_REGISTRY_PORT}/apis/ccompat/v7`,
      mongo: `mongodb://127.0.0.1:${env.MONGO_PORT}/?replicaSet=rs0`,
    });
  });

  it('has imported the catalogue, which query-api answers from', async () => {
    await vi.waitFor(async () => {
      genres = await askGenres();
      expect(genres).toMatchObject({ items: expect.arrayContaining([expect.anything()]) });
      expect(JSON.stringify(genres)).toContain('Action');
    }, patiently);
  });

  it('prints a tour that works in the shell it is pasted into', () => {
    const screen = start.output.slice(start.output.indexOf('Tokens'));
    const [tokens, stops] = screen.split(/^Try$/m) as [string, string];
    const exports = tokens.split('\n').filter((line) => line.startsWith('export '));
    // Lines that go on in the next one are joined; an echo sets the answers apart.
    const stopLines = stops.slice(0, stops.indexOf('Ready.')).replaceAll('\\\n', '').split('\n');
    const script = [...exports, ...stopLines].join('\necho\n');
    const answers = execFileSync('sh', ['-ec', script], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    const [genres, before, after, avengers, wallE, reminded, watched, reminders, ticket] = answers;
    expect(genres.items).toContainEqual({ genre: 'Action', movies: 303 });
    const titles = ({ items }: { items: { title: string }[] }) => items.map(({ title }) => title);
    const [first, second, third] = titles(before);
    expect(titles(after)).toEqual([second, first, third]);
    expect(avengers.items[0].title).toContain('Avengers');
    expect(wallE.items).toMatchObject([{ title: 'WALL·E' }]);
    expect(reminded.events).toEqual(['ReminderSet']);
    expect(watched.items).toMatchObject([{ movieId: 'm635' }]);
    expect(reminders.items).toEqual([]);
    expect(ticket.serviceOrder.orderNumber).toMatch(/^SO-\d{6}$/);
  });

  it('refuses a second start on the same data, in one line', async () => {
    const second = new StartedCommand(folder, env);
    expect(await second.exited).toBe(1);
    expect(second.lastLine).toMatch(/runs already on .*, as process \d+/);
  });

  it('restarts a service that died, and says so', async () => {
    const before = service('query-api').pid;
    process.kill(before, 'SIGKILL');
    await start.shows(/^query-api was ended by SIGKILL; it starts again in/m, SOON_MS);
    await start.shows(/^query-api runs again$/m, SOON_MS);
    await vi.waitFor(() => expect(service('query-api').pid).not.toBe(before), patiently);
    await vi.waitFor(async () => expect(await askGenres()).toEqual(genres), patiently);
  });

  it('is back with all data after kill -9 of everything', {
    timeout: FIRST_START_MS,
  }, async () => {
    await start.killAll(endpoints());
    const startedAt = performance.now();
    start = new StartedCommand(folder, env);
    await start.shows(/^Ready\./m, FIRST_START_MS);
    console.log(`ready ${((performance.now() - startedAt) / 1_000).toFixed(1)} s after a kill`);
    expect(start.output).not.toContain('Importing');
    await vi.waitFor(async () => expect(await askGenres()).toEqual(genres), patiently);
  });

  it('first ends what a killed start left running', { timeout: FIRST_START_MS }, async () => {
    const orphan = service('kafka').pid;
    await start.killAll();
    expect(await commandLine(orphan)).not.toBe('');
    start = new StartedCommand(folder, env);
    await start.shows(/^Ready\./m, FIRST_START_MS);
    expect(start.output).toMatch(/^Stopped what an earlier start left running: .*kafka/m);
    expect(await commandLine(orphan)).toBe('');
  });

  it('leaves no process behind after Ctrl-C', { timeout: 60_000 }, async () => {
    const { services: running } = endpoints();
    start.interrupt();
    await start.shows(/^Stopped\.$/m, SOON_MS);
    await start.exited;
    for (const { pid } of running) expect(await commandLine(pid)).toBe('');
    expect(endpoints).toThrow('ENOENT');
  });

  it('says in one line that a port is taken, and which setting moves it', async () => {
    const server = createServer().listen(Number(env.KAFKA_PORT), '127.0.0.1');
    const refused = new StartedCommand(folder, env);
    expect(await refused.exited).toBe(1);
    server.close();
    expect(refused.lastLine).toMatch(/^Port \d+, for Kafka, is taken: .* set KAFKA_PORT$/);
  });

  it('says in one line that Java is missing', async () => {
    const script = ['local-stack/commands/start/start.ts'];
    const refused = new StartedCommand(folder, { ...env, PATH: '' }, process.execPath, script);
    expect(await refused.exited).toBe(1);
    expect(refused.output.trim()).toMatch(/^Java is missing: install Java 17 or newer.*$/);
  });

  it('forgets the data with npm run reset', async () => {
    const reset = new StartedCommand(folder, env, 'npm', ['run', 'reset']);
    expect(await reset.exited).toBe(0);
    expect(reset.lastLine).toMatch(/is forgotten\.$/);
  });
});

const patiently = { timeout: 20_000, interval: 100 };

/** A copy of all files under version control, without packages and fetched programs. */
function freshCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'npm-start-'));
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', list, { cwd: repositoryDir, encoding: 'utf8' });
  for (const file of new Set(files.split('\0').filter(Boolean))) {
    cpSync(join(repositoryDir, file), join(folder, file));
  }
  return folder;
}

/** The user's own environment, without the variables that npm and vitest have added. */
function userEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_|VITEST|NODE_|TEST|KAFKA_|MONGO_|SCHEMA_|AUTH_|DATA_DIR|DEV$|PROD$)/i.test(name),
  );
  const path = (process.env.PATH ?? '').split(delimiter);
  const PATH = path.filter((dir) => !dir.includes('node_modules')).join(delimiter);
  return { ...Object.fromEntries(kept), PATH, NO_COLOR: '1' };
}

async function ownPorts(): Promise<NodeJS.ProcessEnv> {
  const settings = [
    'KAFKA',
    'SCHEMA_REGISTRY',
    'MONGO',
    'COMMAND_API',
    'COMMAND_API_OPERATIONS',
    'PROJECTORS',
    'REACTORS',
    'QUERY_API',
    'QUERY_API_OPERATIONS',
  ];
  const ports = await freePorts(settings.length);
  return Object.fromEntries(settings.map((name, index) => [`${name}_PORT`, String(ports[index])]));
}
