import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logSize } from '../base/log-file.ts';
import { ManagedProcess } from '../base/process.ts';
import { readEndpoints } from '../parts/endpoints.ts';
import { checkDisk } from './checks.ts';
import { commandLine, DataDir, writeWhole } from './data-dir.ts';
import { takeDataDir } from './own-parts.ts';
import { localAuthSecret } from './secret.ts';
import type { LocalConfig } from './settings.ts';
import { Supervisor } from './supervisor.ts';

let dir: string;
let made: ManagedProcess[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'supervisor-spec-'));
  made = [];
});
afterEach(async () => {
  await Promise.all(made.map((process) => process.kill()));
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
});

/** A process that runs some JavaScript, and is ready once it prints. */
function script(source: string, stopTimeoutMs = 5_000): ManagedProcess {
  const log = join(dir, `${made.length}.log`);
  const one = new ManagedProcess({
    name: 'script',
    url: 'http://script',
    command: process.execPath,
    args: ['-e', source, '--', dir],
    logFile: log,
    ready: () => Promise.resolve(logSize(log) > 0),
    stopTimeoutMs,
  });
  made.push(one);
  return one;
}
const forever = 'setInterval(() => {}, 1000); console.log(1)';
const soon = { timeout: 10_000, interval: 20 };

describe('a managed process', () => {
  it('stops on SIGTERM, and can be started again', async () => {
    const one = script(forever);
    await one.start();
    const first = one.pid;
    await one.stop();
    expect(one.pid).toBeUndefined();
    await one.start();
    expect(one.pid).not.toBe(first);
  });

  it('is killed when it does not stop in time', async () => {
    const stubborn = script(`process.on('SIGTERM', () => {}); ${forever}`, 300);
    await stubborn.start();
    await stubborn.stop();
    expect(stubborn.pid).toBeUndefined();
  });

  it('that dies before it is ready rejects with its last words and its log', async () => {
    const broken = new ManagedProcess({
      name: 'broken',
      url: '',
      command: process.execPath,
      args: ['-e', 'throw new RangeError("no such lane")'],
      logFile: join(dir, 'broken.log'),
      ready: () => Promise.resolve(false),
    });
    await expect(broken.start()).rejects.toThrow(
      /^broken ended with exit code 1: RangeError: no such lane \(log: .*broken\.log\)$/,
    );
  });

  it('whose program is missing rejects with the reason', async () => {
    const missing = new ManagedProcess({
      name: 'missing',
      url: '',
      command: join(dir, 'no-such-program'),
      args: [],
      logFile: join(dir, 'missing.log'),
      ready: () => Promise.resolve(false),
    });
    await expect(missing.start()).rejects.toThrow('ENOENT');
  });
});

describe('the supervisor', () => {
  it('restarts a process that dies, says why, and publishes the new process id', async () => {
    const said: string[] = [];
    const dataDir = new DataDir(dir);
    const supervisor = new Supervisor(dataDir, (line) => said.push(line));
    const one = script(forever);
    supervisor.watch(one);
    await one.start();
    await supervisor.publish({ kafka: 'k:1', schemaRegistry: 'http://r', mongo: 'mongodb://m' });
    const published = () => readEndpoints(dataDir.file('endpoints.json')).services[0]!.pid;
    const first = published();
    process.kill(first, 'SIGKILL');
    await vi.waitFor(() => expect(published()).not.toBe(first), soon);
    expect(published()).toBe(one.pid);
    expect(said).toEqual([
      'script was ended by SIGKILL; it starts again in 0.5 s',
      'script runs again',
    ]);
    await supervisor.stop([[one]]);
    expect(published).toThrow('ENOENT');
  });

  it('keeps a process away for a while, and publishes the one that comes after it', async () => {
    const dataDir = new DataDir(dir);
    const said: string[] = [];
    const supervisor = new Supervisor(dataDir, (line) => said.push(line));
    const one = script(forever);
    supervisor.watch(one);
    await one.start();
    await supervisor.publish({ kafka: 'k:1', schemaRegistry: 'http://r', mongo: 'mongodb://m' });
    const first = one.pid;
    const awayMs = 1_000;
    const from = performance.now();
    const back = supervisor.killFor(one, awayMs);
    await vi.waitFor(() => expect(one.pid).toBeUndefined(), soon);
    await back;
    expect(performance.now() - from).toBeGreaterThanOrEqual(awayMs);
    expect(one.pid).not.toBe(first);
    expect(readEndpoints(dataDir.file('endpoints.json')).services[0]!.pid).toBe(one.pid);
    expect(said).toEqual([]);
    await supervisor.stop([[one]]);
  });
});

describe('a data folder', () => {
  it.each([
    ['the check of the disk', checkDisk],
    ['its secret', localAuthSecret],
    ['its holder', (path: string) => new DataDir(path).take()],
  ])('that is made for %s can be read by its owner only, and so can its files', async (_, make) => {
    const path = join(dir, 'new', 'data');
    await make(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    await writeWhole(join(path, 'endpoints.json'), '{}');
    expect(statSync(join(path, 'endpoints.json')).mode & 0o777).toBe(0o600);
  });

  it.each([
    [0o755, ['chmod 700']],
    [0o770, []],
    [0o700, []],
  ])(
    'that was there keeps its mode, and a start says so if others may look into it',
    async (mode, expected) => {
      chmodSync(dir, mode);
      const elsewhere = {
        kafkaBrokers: 'k:1',
        schemaRegistryUrl: 'http://r',
        mongoUrl: 'mongodb://m',
      };
      const said: string[] = [];
      const say = (line: string) => void said.push(line);
      await takeDataDir(elsewhere as LocalConfig, new DataDir(dir), [], say);
      expect(statSync(dir).mode & 0o777).toBe(mode);
      expect(said).toEqual(expected.map((text) => expect.stringContaining(text)));
    },
  );

  it('is held by one process at a time; the refusal names that process', async () => {
    const command = await commandLine(process.ppid);
    const dataDir = new DataDir(dir);
    await dataDir.take();
    expect(await dataDir.holder()).toBeUndefined();
    await writeWhole(dataDir.file('holder.json'), JSON.stringify({ pid: process.ppid, command }));
    await expect(new DataDir(dir).take()).rejects.toThrow(`as process ${process.ppid}`);
  });

  it('whose holder is gone, or is another program by now, is free', async () => {
    const dataDir = new DataDir(dir);
    const holder = { pid: process.ppid, command: 'something else' };
    await writeWhole(dataDir.file('holder.json'), JSON.stringify(holder));
    await dataDir.take();
    await dataDir.release();
  });

  it('ends the noted processes that are its own, and no others', async () => {
    const dataDir = new DataDir(dir);
    const own = script(forever);
    await own.start();
    const foreign = new ManagedProcess({
      name: 'foreign',
      url: '',
      command: process.execPath,
      args: ['-e', forever],
      logFile: join(dir, 'foreign.log'),
      ready: () => Promise.resolve(true),
    });
    made.push(foreign);
    await foreign.start();
    dataDir.noteProcess('own', own.pid!);
    dataDir.noteProcess('foreign', foreign.pid!);
    const later = new DataDir(dir);
    await vi.waitFor(async () => expect(await later.endOrphans()).toEqual(['own']), soon);
    expect(foreign.pid).toBeDefined();
  });
});
