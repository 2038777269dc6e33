import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { processorSeconds, type Stat, secondsOfTrees, statOf } from './processor-time.ts';

const zeros = (count: number) => Array<string>(count).fill('0').join(' ');

describe('the line of a process', () => {
  it('gives its time, and that of children that have ended', () => {
    const line = `42 (node) S 7 ${zeros(9)} 100 20 3 4 ${zeros(20)}`;
    expect(statOf(line)).toEqual({ pid: 42, parent: 7, seconds: 1.27 });
  });

  it('is read rightly when the name holds spaces and parentheses', () => {
    const line = `42 (postgres: a (b) c) S 7 ${zeros(9)} 100 0 0 0 ${zeros(20)}`;
    expect(statOf(line)).toEqual({ pid: 42, parent: 7, seconds: 1 });
  });
});

describe('the time of processes', () => {
  const all: Stat[] = [
    { pid: 30, parent: 20, seconds: 4 },
    { pid: 20, parent: 10, seconds: 2 },
    { pid: 10, parent: 1, seconds: 1 },
    { pid: 11, parent: 1, seconds: 8 },
    { pid: 12, parent: 1, seconds: 16 },
  ];

  it('includes all that they have started', () => {
    expect(secondsOfTrees([10, 11], all)).toBe(15);
  });

  it('counts a process once that is named beside its parent', () => {
    expect(secondsOfTrees([10, 20], all)).toBe(7);
  });

  it.runIf(process.platform === 'linux')('grows while a child works', async () => {
    const work =
      'while (process.cpuUsage().user < 3e5); process.send(1); process.once("message", () => {});';
    const before = await processorSeconds([process.pid]);
    const child = spawn(process.execPath, ['-e', work], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    const worked = (await processorSeconds([process.pid])) - before;
    child.kill();
    expect(worked).toBeGreaterThan(0.25);
  });
});
