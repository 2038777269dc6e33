import { progress, type Rig, type Server } from '../rig.ts';

/** From a command's answer to the answer of a read that has to show what the command did. */

export type VisibleLoad = {
  urls: Record<Service, string>;
  secret: string;
  perSecond: number;
  /** Under the same load, before anything is measured. */
  warmUpSeconds: number;
  seconds: number;
  /** Every so many commands one is read back. */
  readEvery: number;
  /** Part of the names of users: other ones have voted for nothing yet. */
  users: string;
};

export type Visible = {
  perSecond: number;
  readEvery: number;
  commandsPerSecond: number;
  /** Of a read that carries the command's token, sent as soon as the command was answered. */
  visibleP50Ms: number;
  visibleP99Ms: number;
  visibleMaxMs: number;
  /** From when a command was due to its answer. */
  commandP50Ms: number;
  commandP99Ms: number;
  /** Answers that weren't 2xx, reads that didn't show the vote, and errors. */
  refused: number;
  /** The cores that each service used. */
  cpu: Record<Service, number>;
};

const services = ['command-api', 'projectors', 'query-api'] as const;
export type Service = (typeof services)[number];

/** This system, and the least that does it: one view, and no fence, rule, key or parked event. */
const programs = {
  ours: {
    'command-api': 'command-api/main.ts',
    projectors: 'projectors/main.ts',
    'query-api': 'query-api/main.ts',
  },
  plain: {
    'command-api': 'bench/projections/plain/command-api.ts',
    projectors: 'bench/projections/plain/projectors.ts',
    'query-api': 'bench/projections/plain/query-api.ts',
  },
} satisfies Record<string, Record<Service, string>>;
export type Pipeline = keyof typeof programs;

export const prefixOf = (pipeline: Pipeline) => `visible-${pipeline}.`;

/** Node takes seconds to compile what it runs often; the JVM, which lives on, a minute. */
const warmUpSeconds = (round: number) => (round === 1 ? 60 : 20);
const measuredSeconds = 20;

export type VisibleOptions = {
  pipeline: Pipeline;
  round: number;
  perSecond: number;
  readEvery: number;
};

/** In processes as they are deployed, which start and end with this. */
export async function measureVisible(
  rig: Rig,
  { pipeline, round, perSecond, readEvery }: VisibleOptions,
): Promise<Visible> {
  const settings = {
    TOPIC_PREFIX: prefixOf(pipeline),
    MONGO_DATABASE: `bench-visible-${pipeline}`,
    ...rig.profiled,
  };
  const servers = {} as Record<Service, Server>;
  for (const name of services) {
    servers[name] = await rig.start(programs[pipeline][name], settings);
  }
  const urls = Object.fromEntries(services.map((name) => [name, servers[name].url]));
  const load: VisibleLoad = {
    urls: urls as Record<Service, string>,
    secret: rig.settings.AUTH_SECRET as string,
    ...{ perSecond, readEvery, warmUpSeconds: warmUpSeconds(round), seconds: measuredSeconds },
    users: `${perSecond}-${round}`,
  };
  const output = await progress.step('Warm up the services, and measure', () =>
    rig.run('bench/projections/visible-load.ts', [JSON.stringify(load)]),
  );
  for (const name of services.toReversed()) await servers[name].end();
  return JSON.parse(output) as Visible;
}
