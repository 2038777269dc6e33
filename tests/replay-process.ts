import { inject } from 'vitest';
import { spawnReplay } from './replay-tool.ts';
import { compiled } from './system.ts';
import type { VoteLog } from './vote-log.ts';

/** The replay tool on a vote log whose events the test projects itself. */
export type Replay = {
  /** The lines printed so far. */
  lines: string[];
  child: ReturnType<typeof spawnReplay>;
  ended: Promise<Ended>;
};
export type Ended = { code: number | null; lines: string[]; errors: string };

/** With settings of its own, where a command needs more than the log. */
type World = VoteLog & { settings?: Record<string, string> };

export function startReplay(world: World, ...words: string[]): Replay {
  const { kafka, schemaRegistry, mongo } = inject('stack');
  const env = {
    ...{ PATH: process.env.PATH ?? '', ...compiled },
    KAFKA_BROKERS: kafka,
    SCHEMA_REGISTRY_URL: schemaRegistry,
    MONGO_URL: mongo,
    MONGO_DATABASE: world.database,
    TOPIC_PREFIX: world.prefix,
    LANES: String(world.lanes),
    ...world.settings,
  };
  const child = spawnReplay(env, words);
  const lines: string[] = [];
  let [begun, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const all = (begun + text).split('\n');
    begun = all.pop() as string;
    lines.push(...all);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, lines, errors }));
  });
  return { child, lines, ended };
}

export const replay = (world: World, ...words: string[]): Promise<Ended> =>
  startReplay(world, ...words).ended;

/** The printed lines, each parsed as JSON. */
export const parsed = <T>({ lines }: { lines: readonly string[] }): T[] =>
  lines.map((line) => JSON.parse(line) as T);
