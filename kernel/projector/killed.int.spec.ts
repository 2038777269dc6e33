import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it, vi } from 'vitest';
import { openReadModels } from '../reading/read-models.ts';
import {
  type Journal,
  journal,
  journalOf,
  journalView,
  openScanLog,
  type ScanLog,
  someScans,
} from '../testing/journal.ts';
import type { ProjectorProcess } from '../testing/projector-process.ts';
import { startProjectors } from './runner.ts';

const program = join(import.meta.dirname, '..', 'testing', 'projector-process.ts');
const leaseTtlMs = 3_000;
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

type Hang = Pick<ProjectorProcess, 'leaseTtlMs' | 'hangsIn' | 'afterEvents'>;

function forkProjector(world: ScanLog, hang: Hang): ChildProcess {
  const { kafka, schemaRegistry: registryUrl, mongo } = inject('stack');
  const { database, prefix, lanes } = world;
  const parts = { kafka, registryUrl, mongo, database, prefix, lanes };
  const settings: ProjectorProcess = { ...parts, ...hang };
  const child = fork(program, [JSON.stringify(settings)], { execArgv: [] });
  children.push(child);
  return child;
}

/** @returns once the process hangs where it was told to. */
async function hanging(world: ScanLog, hangsIn: 'fold' | 'transaction', afterEvents: number) {
  const child = forkProjector(world, { leaseTtlMs, hangsIn, afterEvents });
  const hangs = new Promise<void>((resolve, reject) => {
    child.on('message', (message) => message === hangsIn && resolve());
    child.once('exit', () => reject(new Error('the projector ended by itself')));
  });
  const started = new Promise<void>((resolve) => {
    child.on('message', (message) => message === 'started' && resolve());
  });
  return { child, hangs, started };
}

describe('a projector that is killed', () => {
  it.each([
    ['in the middle of a chunk', 'fold'],
    ['inside its transaction', 'transaction'],
  ] as const)('%s leaves its lanes to another within 4 seconds', async (_, place) => {
    const world = await openScanLog(`killed-${place}`);
    const { client, database, log, codec, lanes, prefix, logId } = world;
    const scans = someScans(4_000, 40);
    const { child, hangs, started } = await hanging(world, place, 500);
    await started;
    const readModels = await openReadModels({
      ...{ client, database, log: logId },
      views: [journalView],
    });
    await vi.waitFor(() => expect(readModels.ready()).toBe(true), 10_000);
    for (let from = 0; from < scans.length; from += 100) {
      await world.append(scans.slice(from, from + 100));
    }
    await hangs;
    const parts = { client, database, log, codec, lanes, prefix, leaseTtlMs };
    const other = await startProjectors({ ...parts, projections: [journal] });
    child.kill('SIGKILL');
    const documents = readModels.collection<Journal>(journalView);
    await vi.waitFor(
      async () => {
        const found = await documents.find().toArray();
        expect(new Map(found.map((one) => [one._id, one]))).toEqual(journalOf(scans));
      },
      { timeout: 4_000, interval: 50 },
    );
    await other.close();
    await readModels.close();
    await world.close();
  });
});

describe('a projector that slept past its leases', () => {
  it('takes its lanes again and goes on', async () => {
    const world = await openScanLog('slept');
    const child = forkProjector(world, { leaseTtlMs: 2_000, hangsIn: 'fold', afterEvents: 1e9 });
    const scans = someScans(400, 40);
    const { client, database, logId: log } = world;
    const readModels = await openReadModels({ client, database, log, views: [journalView] });
    await vi.waitFor(() => expect(readModels.ready()).toBe(true), 20_000);
    const documents = readModels.collection<Journal>(journalView);
    const follows = (count: number) =>
      vi.waitFor(
        async () => {
          const found = await documents.find().toArray();
          expect(new Map(found.map((one) => [one._id, one]))).toEqual(
            journalOf(scans.slice(0, count)),
          );
        },
        { timeout: 10_000, interval: 50 },
      );
    await world.append(scans.slice(0, 100));
    await follows(100);
    const leases = world.db.collection('leases');
    const expired = { $expr: { $lt: ['$expiresAt', '$$NOW'] }, role: /^projector/ };
    for (const count of [200, 300, 400]) {
      child.kill('SIGSTOP');
      await vi.waitFor(async () => {
        expect(await leases.countDocuments(expired)).toBe(world.lanes);
      }, 5_000);
      child.kill('SIGCONT');
      await world.append(scans.slice(count - 100, count));
      await follows(count);
    }
    child.kill('SIGKILL');
    await readModels.close();
    await world.close();
  });
});
