import { progress, type Rig, type Server } from '../rig.ts';

/** Measures the time from a command's answer to the answer of a read that shows its effect. */

export type VisibleLoad = {
  urls: Record<Service, string>;
  operationsUrls: Record<Service, string>;
  secret: string;
  perSecond: number;
  /** How long the same load runs before the measurement. */
  warmUpSeconds: number;
  seconds: number;
  /** One command of so many is read back. */
  readEvery: number;
  /** Part of the users' names: under a new one, no user has voted yet. */
  users: string;
};

export type Visible = {
  perSecond: number;
  readEvery: number;
  commandsPerSecond: number;
  /** The duration of a read with the command's token, sent right after the command's answer. */
  visibleP50Ms: number;
  visibleP99Ms: number;
  visibleMaxMs: number;
  /** The time from a command's planned start to its answer. */
  commandP50Ms: number;
  commandP99Ms: number;
  /** Answers that weren't 2xx, reads that didn't show the vote, and errors. */
  refused: number;
  /** The cores that each service used. */
  cpu: Record<Service, number>;
};

const services = ['command-api', 'projectors', 'query-api'] as const;
export type Service = (typeof services)[number];

/** This system, and a minimal one: one view, and no fence, rule, key or dead letter. */
const programs = {
  ours: {
    'command-api': 'command-api/main.ts',
    projectors: 'projectors/main.ts',
    'query-api': 'query-api/main.ts',
  },
  plain: {
    'command-api': 'bench/visible/plain/command-api.ts',
    projectors: 'bench/visible/plain/projectors.ts',
    'query-api': 'bench/visible/plain/query-api.ts',
  },
} satisfies Record<string, Record<Service, string>>;
export type Pipeline = keyof typeof programs;

export const prefixOf = (pipeline: Pipeline) => `visible-${pipeline}.`;

/** Node compiles hot code within seconds; the broker's JVM, started once, takes a minute. */
const warmUpSeconds = (isFirst: boolean) => (isFirst ? 60 : 20);
const measuredSeconds = 20;

export type VisibleOptions = {
  pipeline: Pipeline;
  perSecond: number;
  readEvery: number;
  /** Part of the users' names. */
  users: string;
  /** Nothing was measured with this broker before. */
  isFirst: boolean;
};

/** Starts the services as processes for this measurement, and ends them after it. */
export async function measureVisible(
  rig: Rig,
  { pipeline, perSecond, readEvery, users, isFirst }: VisibleOptions,
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
  const all = (of: 'url' | 'operationsUrl') =>
    Object.fromEntries(services.map((name) => [name, servers[name][of]])) as Record<
      Service,
      string
    >;
  const load: VisibleLoad = {
    urls: all('url'),
    operationsUrls: all('operationsUrl'),
    secret: rig.settings.AUTH_SECRET as string,
    ...{ perSecond, readEvery, warmUpSeconds: warmUpSeconds(isFirst), seconds: measuredSeconds },
    users,
  };
  const output = await progress.step('Warm up the services, and measure', () =>
    rig.run('bench/visible/load.ts', [JSON.stringify(load)]),
  );
  for (const name of services.toReversed()) await servers[name].end();
  return JSON.parse(output) as Visible;
}
