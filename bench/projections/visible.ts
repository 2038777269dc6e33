import { progress, type Rig } from '../rig.ts';

/** From a command's answer to the answer of a read that has to show what the command did. */

export type VisibleLoad = {
  commandUrl: string;
  queryUrl: string;
  secret: string;
  perSecond: number;
  seconds: number;
  /** Stands before the names of users: other ones have voted for nothing yet. */
  users: string;
};

export type Visible = {
  commandsPerSecond: number;
  /** Of a read that carries the command's token, sent as soon as the command was answered. */
  visibleP50Ms: number;
  visibleP99Ms: number;
  visibleMaxMs: number;
  /** From when a command was due to its answer. */
  commandP50Ms: number;
  commandP99Ms: number;
  /** Answers that weren't 2xx, and errors. */
  refused: number;
};

export const visiblePrefix = 'visible.';
const warmUpSeconds = 3;

/** In processes as they are deployed, which start and end with this. */
export async function measureVisible(
  rig: Rig,
  { round, perSecond, seconds }: { round: number; perSecond: number; seconds: number },
): Promise<Visible> {
  const settings = {
    TOPIC_PREFIX: visiblePrefix,
    MONGO_DATABASE: 'bench-visible',
    ...rig.profiled,
  };
  const commandApi = await rig.start('command-api/main.ts', settings);
  const projectors = await rig.start('projectors/main.ts', settings);
  const queryApi = await rig.start('query-api/main.ts', settings);
  const load = async (users: string, forSeconds: number) => {
    const given: VisibleLoad = {
      commandUrl: commandApi.url,
      queryUrl: queryApi.url,
      secret: rig.settings.AUTH_SECRET as string,
      perSecond,
      seconds: forSeconds,
      users,
    };
    const output = await rig.run('bench/projections/visible-load.ts', [JSON.stringify(given)]);
    return JSON.parse(output) as Visible;
  };
  await progress.step('Warm up the services', () => load(`early${round}`, warmUpSeconds));
  const measured = await load(`round${round}`, seconds);
  for (const server of [queryApi, projectors, commandApi]) await server.end();
  return measured;
}
