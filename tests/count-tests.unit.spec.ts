import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'count-tests-spec-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the count of tests', () => {
  const run = (...runs: [report: object, status: string][]) => {
    const args = runs.flatMap(([report, status], at) => {
      const path = join(dir, `report-${at}.json`);
      writeFileSync(path, JSON.stringify(report));
      return [path, status];
    });
    const script = join(import.meta.dirname, 'count-tests.mjs');
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

  it('has the tests that passed and those that failed', () => {
    const report = {
      testResults: [file('passed', passed, passed), file('failed', passed, { status: 'failed' })],
    };
    expect(count(report, '1')).toEqual({ line: '3 passed, 1 failed\n', code: 1 });
    expect(count({ testResults: [file('passed', passed)] })).toEqual({
      line: '1 passed, 0 failed\n',
      code: 0,
    });
  });

  it('comes after the name and the error of each failed test', () => {
    const failureMessages = ['Error: expected 1 to be 2\n    at a.spec.ts:3', 'Error: late'];
    const failed = { status: 'failed', fullName: 'lanes have one owner', failureMessages };
    const { stderr } = run([{ testResults: [file('failed', passed, failed)] }, '1']);
    expect(stderr).toContain('a.spec.ts > lanes have one owner\n');
    for (const why of failureMessages) expect(stderr).toContain(why.split('\n')[0]);
    expect(run([{ testResults: [file('passed', passed)] }, '0']).stderr).toBe('');
  });

  it('comes after the errors of each test that passed only when it was tried again', () => {
    const test = { ...passed, fullName: 'a lane moves', failureMessages: ['Error: too late'] };
    const { stderr, stdout, status } = run([{ testResults: [file('passed', test)] }, '0']);
    expect(stderr).toBe(
      'a.spec.ts > a lane moves passed only when tried again:\n    Error: too late\n',
    );
    expect({ stdout, status }).toEqual({ stdout: '1 passed, 0 failed\n', status: 0 });
  });

  it('has a failure for a file that could not be loaded', () => {
    const report = { testResults: [file('passed', passed), file('failed')] };
    expect(count(report, '1')).toEqual({ line: '1 passed, 1 failed\n', code: 1 });
  });

  it('is the sum of several runs, with a failure for a run without tests', () => {
    const report = { testResults: [file('passed', passed)] };
    expect(countAll([report, '0'], [report, '0']).line).toBe('2 passed, 0 failed\n');
    expect(countAll([report, '0'], [{ testResults: [] }, '0'])).toEqual({
      line: '1 passed, 1 failed\n',
      code: 1,
    });
    expect(countAll()).toEqual({ line: '0 passed, 1 failed\n', code: 1 });
  });

  it('has a failure if no test ran, or the run ended with an error', () => {
    expect(count({ testResults: [] })).toEqual({ line: '0 passed, 1 failed\n', code: 1 });
    const report = { testResults: [file('passed', passed)] };
    expect(count(report, '1')).toEqual({ line: '1 passed, 1 failed\n', code: 1 });
  });
});
