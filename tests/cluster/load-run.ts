import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { messageOf, Problem } from '#local-stack/base/problem.ts';
import type { RunningSystem } from '#local-stack/system/run-system.ts';
import { settings } from '#schemas/config.ts';
import { differences, settledLog } from '../chaos-audit.ts';
import { gaps, judge } from '../chaos-checks.ts';
import { invariants, withoutOrder } from '../chaos-invariants.ts';
import { withKeys } from '../chaos-keys.ts';
import { addMovies, type Load, movieIds, type Sent, startLoad } from '../chaos-load.ts';
import { untilInSync } from '../cluster-roles.ts';
import type { Committed } from '../committed-events.ts';
import type { System } from '../system.ts';
import { faultsOf, type Period, type Run, tableOf, waitsOf } from './outcome.ts';
import { startActs, startReads } from './probes.ts';
import { type Cluster, copiesOf, type VictimKind, victimOf } from './victims.ts';

/** A load on a cluster whose processes are killed in turn, and what came of it. */

export type LoadRunOptions = { clients: number; kill: readonly VictimKind[]; seconds: number };

/** On average. So many clients leave the machine time for what a kill costs. */
const thinkMs = 250;
/** Longer than a lease, and than a broker may be silent. */
const awayMs = 12_000;
const afterKillMs = 3_000;

type Loaded = Pick<System, 'settings' | 'as'>;

/** @returns work that gives 0 if nothing was lost, nothing doubled, and all is as it should be. */
export const loadRun =
  (options: LoadRunOptions) =>
  async (running: RunningSystem): Promise<number> => {
    const { progress, stack, services } = running;
    const system = systemOf(running);
    const mongo = await MongoClient.connect(stack.endpoints.mongo, { promoteBuffers: true });
    const prefix = system.settings.TOPIC_PREFIX ?? '';
    const cluster = { stack, services, mongo, prefix };
    const { sent, reads, periods, failures } = await underLoad(options, running, system, cluster);
    let log: Committed[] = [];
    const run = await progress.step('Look for all that was acknowledged', async () => {
      log = await settledLog(system, isSettled).catch((error: unknown) => {
        failures.push(`What was asked for is not done: ${messageOf(error)}`);
        return settledLog(system, () => true);
      });
      const verdict = await withKeys(system, () => judge(sent, log));
      const wrong = await differences({ system, mongo }, log).catch((error: unknown) => {
        failures.push(`The views don't catch up: ${messageOf(error)}`);
        return {};
      });
      const found = { gaps: gaps(log), broken: invariants(log), failures, ...wrong };
      return { sent, reads, periods, log, verdict, found } satisfies Run;
    });
    await mongo.close();
    const faults = faultsOf(run);
    progress.say(['', ...tableOf(run), '', ...faults, ''].join('\n'));
    return faults.length === 0 ? 0 : 1;
  };

/** Nothing is under way: each ticket has its order, each act of an operator its end. */
const isSettled = (log: readonly Committed[]): boolean =>
  withoutOrder(log).length === 0 && waitsOf(log, 'ActRequested', 'ActEnded').open.length === 0;

function systemOf({ env, sign }: RunningSystem): Loaded {
  if (!sign) throw new Problem('The load signs its own tokens: unset AUTH_JWKS_URL');
  const { lanes, topicPrefix, mongoDatabase } = settings.read(env);
  const given = Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return {
    settings: {
      ...(Object.fromEntries(given) as Record<string, string>),
      ...{ LANES: String(lanes), TOPIC_PREFIX: topicPrefix, MONGO_DATABASE: mongoDatabase },
    },
    as: async (user, ...roles) => ({ authorization: `Bearer ${await sign({ user, roles })}` }),
  };
}

type Driven = Pick<Run, 'sent' | 'reads' | 'periods'> & { failures: string[] };

async function underLoad(
  { clients, kill, seconds }: LoadRunOptions,
  { progress, supervisor }: RunningSystem,
  system: Loaded,
  cluster: Cluster,
): Promise<Driven> {
  const urlsOf = (name: string) => copiesOf(name, cluster.services).map(({ url }) => url);
  const nodes = urlsOf('command-api');
  const sent: Sent[] = await addMovies(system, nodes[0]!);
  const options = {
    ...{ system, clients, thinkMs, movies: movieIds, tickets: [] },
    ...{ nodes: () => nodes, seed: Date.now() % 1_000_000 },
  };
  const load = startLoad(options);
  const reads = startReads(urlsOf('query-api'), Number(system.settings.LANES), load.sent);
  const acts = await startActs(options);
  const periods: Period[] = [];
  const failures: string[] = [];
  const during = async (what: string, title: string, work: () => Promise<unknown>) => {
    const period = { what, from: performance.now(), to: Number.POSITIVE_INFINITY };
    periods.push(period);
    await progress.step(title, work).catch((error: unknown) => {
      failures.push(`${title}: ${messageOf(error)}`);
    });
    period.to = performance.now();
  };
  await load.served();
  await during('nothing', `Send commands for ${seconds} s`, () => pause(seconds * 1_000));
  for (const kind of kill) {
    const { process, role } = await victimOf(kind, cluster);
    const what = `${process.name} (${role})`;
    await during(what, `Kill ${what}, and start it after ${awayMs / 1_000} s`, async () => {
      await supervisor.killFor(process, awayMs);
      await recovered(load, cluster);
    });
  }
  sent.push(...(await load.stop()), ...(await acts.stop()));
  return { sent, reads: await reads.stop(), periods, failures };
}

/** Each lane is served, each broker has what it missed, and the next kill hits a whole system. */
async function recovered(load: Load, { stack }: Cluster): Promise<void> {
  await load.served();
  await untilInSync(stack);
  await pause(afterKillMs);
}
