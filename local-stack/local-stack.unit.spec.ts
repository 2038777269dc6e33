import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settings } from '#schemas/config.ts';
import { cacheDir, cached, repositoryDir } from './cache.ts';
import { checkPorts } from './checks.ts';
import { serverProperties } from './kafka.ts';
import { telling } from './log-file.ts';
import { partPorts } from './parts.ts';
import { freePort } from './ports.ts';
import { localAuthSecret } from './secret.ts';
import { tour } from './tour.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'local-stack-spec-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the last words of a process', () => {
  it('are the error of a crash, not the version that Node prints after it', () => {
    const crash = ['file.ts:1', 'throw x', '^', '', 'Error: no lanes', '    at main (file.ts:1:2)'];
    expect(telling([...crash, '', 'Node.js v24.0.0', ''])).toBe('Error: no lanes');
  });

  it('are the last line where nothing looks like an error', () => {
    expect(telling(['one', 'two', ''])).toBe('two');
    expect(telling([''])).toBe('');
  });
});

describe('the cache', () => {
  const name = `spec-${process.pid}`;
  afterEach(() => {
    for (const path of [name, join('.locks', name)]) {
      rmSync(join(cacheDir, path), { recursive: true, force: true });
    }
  });

  it('never shows an interrupted fetch', async () => {
    const interrupted = cached(name, async (into) => {
      writeFileSync(join(into, 'half'), '');
      throw new Error('cut off');
    });
    await expect(interrupted).rejects.toThrow('cut off');
    expect(readdirSync(cacheDir).filter((entry) => entry.startsWith(name))).toEqual([]);
  });

  it('fetches once, however many ask at the same time', async () => {
    let fetches = 0;
    const fetchOnce = () =>
      cached(name, async (into) => {
        fetches++;
        writeFileSync(join(into, 'whole'), '');
      });
    const places = await Promise.all([fetchOnce(), fetchOnce(), fetchOnce()]);
    expect(fetches).toBe(1);
    expect(existsSync(join(places[2]!, 'whole'))).toBe(true);
  });
});

describe('ports', () => {
  it('that are taken are refused by name, with the setting to change', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const check = checkPorts([{ port, setting: 'KAFKA_PORT', use: 'Kafka' }]);
    await expect(check).rejects.toThrow(`Port ${port}, for Kafka, is taken`);
    server.close();
  });

  it('that two parts want are refused', async () => {
    const port = await freePort();
    const twice = ['KAFKA_PORT', 'MONGO_PORT'].map((setting) => ({ port, setting, use: setting }));
    await expect(checkPorts(twice)).rejects.toThrow(`MONGO_PORT and KAFKA_PORT are both ${port}`);
  });

  it('are needed only for the parts that run here', () => {
    const config = settings.read({
      KAFKA_BROKERS: 'broker:9092',
      MONGO_URL: 'mongodb://elsewhere',
    });
    expect(partPorts(config).map(({ setting }) => setting)).toEqual(['SCHEMA_REGISTRY_PORT']);
  });
});

describe('broker settings', () => {
  const node = (id: number) => ({ id, port: 9000 + id, controllerPort: 8000 + id, dir: '/data' });

  it('ask one broker for one copy', () => {
    const properties = serverProperties(node(1), [node(1)]);
    expect(properties).toContain('\ndefault.replication.factor=1\nmin.insync.replicas=1\n');
    expect(properties).toContain('\nauto.create.topics.enable=false\n');
  });

  it('ask three brokers for three copies, two of them in sync', () => {
    const properties = serverProperties(node(2), [node(1), node(2), node(3)]);
    expect(properties).toContain('\ndefault.replication.factor=3\nmin.insync.replicas=2\n');
    expect(properties).toContain('\ntransaction.state.log.min.isr=2\n');
    expect(properties).toContain('=1@127.0.0.1:8001,2@127.0.0.1:8002,3@127.0.0.1:8003\n');
  });
});

describe('the local secret', () => {
  it('stays the same, and only its owner may read it', async () => {
    const [first, second] = await Promise.all([localAuthSecret(dir), localAuthSecret(dir)]);
    expect(second).toBe(first);
    expect(first.length).toBeGreaterThanOrEqual(32);
    expect(statSync(join(dir, 'auth-secret')).mode & 0o777).toBe(0o600);
  });
});

describe('the tour', () => {
  it('find the consistency token in an answer', () => {
    const lines = tour(settings.read({}), 'm7').flatMap((stop) => stop.lines);
    const line = lines.find((line) => line.startsWith('SEEN='))!;
    const command = line.replace(
      /curl [^|]* \|/,
      `echo '{"version":1,"token":"abc.d-e","x":"y"}' |`,
    );
    expect(execFileSync('sh', ['-c', `${command}; echo $SEEN`]).toString()).toBe('abc.d-e\n');
  });
});

describe('the count of tests', () => {
  const run = (...runs: [report: object, status: string][]) => {
    const args = runs.flatMap(([report, status], at) => {
      const path = join(dir, `report-${at}.json`);
      writeFileSync(path, JSON.stringify(report));
      return [path, status];
    });
    const script = join(repositoryDir, 'local-stack', 'count-tests.mjs');
    return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  };
  const countAll = (...runs: Parameters<typeof run>) => {
    const { stdout: line, status: code } = run(...runs);
    return { line, code };
  };
  const count = (report: object, status = '0') => countAll([report, status]);
  const passed = { status: 'passed' };
  const file = (status: string, ...assertionResults: object[]) => ({
    name: 'a.spec.ts',
    message: 'broken',
    status,
    assertionResults,
  });

  it('is what passed and what failed', () => {
    const report = {
      testResults: [file('passed', passed, passed), file('failed', passed, { status: 'failed' })],
    };
    expect(count(report, '1')).toEqual({ line: '3 passed, 1 failed\n', code: 1 });
    expect(count({ testResults: [file('passed', passed)] })).toEqual({
      line: '1 passed, 0 failed\n',
      code: 0,
    });
  });

  it('comes after the name and the error of what has failed', () => {
    const failureMessages = ['Error: expected 1 to be 2\n    at a.spec.ts:3', 'Error: late'];
    const failed = { status: 'failed', fullName: 'lanes have one owner', failureMessages };
    const { stderr } = run([{ testResults: [file('failed', passed, failed)] }, '1']);
    expect(stderr).toContain('a.spec.ts > lanes have one owner\n');
    for (const why of failureMessages) expect(stderr).toContain(why.split('\n')[0]);
    expect(run([{ testResults: [file('passed', passed)] }, '0']).stderr).toBe('');
  });

  it('has a failure for a file that could not be loaded', () => {
    const report = { testResults: [file('passed', passed), file('failed')] };
    expect(count(report, '1')).toEqual({ line: '1 passed, 1 failed\n', code: 1 });
  });

  it('is the sum of several runs, of which one that tells nothing has failed', () => {
    const report = { testResults: [file('passed', passed)] };
    expect(countAll([report, '0'], [report, '0']).line).toBe('2 passed, 0 failed\n');
    expect(countAll([report, '0'], [{ testResults: [] }, '0'])).toEqual({
      line: '1 passed, 1 failed\n',
      code: 1,
    });
    expect(countAll()).toEqual({ line: '0 passed, 1 failed\n', code: 1 });
  });

  it('has a failure where no test ran, or the run ended badly', () => {
    expect(count({ testResults: [] })).toEqual({ line: '0 passed, 1 failed\n', code: 1 });
    const report = { testResults: [file('passed', passed)] };
    expect(count(report, '1')).toEqual({ line: '1 passed, 1 failed\n', code: 1 });
  });
});
