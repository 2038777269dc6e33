import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { withoutPassword } from '#kernel/codec/registry-requests.ts';
import { openSchemaRegistry } from '#kernel/codec/schema-registry.ts';
import { type Config, setting } from '#kernel/config.ts';
import type { Log, Position } from '#kernel/log/log.ts';
import { topicName } from '#kernel/log/topic-names.ts';
import { boundsOf } from '#kernel/operations/log-entries.ts';
import { masterKeysOf } from '#kernel/personal/open-keys.ts';
import { connectLog } from '#kernel/service/connecting.ts';
import { application } from '../tool/application.ts';
import { exit, ToolError } from '../tool/exit.ts';
import { counted, print, say, sayKafka } from '../tool/output.ts';
import { type Tool, withTool } from '../tool/tool.ts';
import { copyKeys } from './copied-keys.ts';
import { CopiedPeople } from './copied-people.ts';
import { CopiedSchemas } from './copied-schemas.ts';
import { type CopyJob, copyLane } from './copy-lane.ts';
import { prepareTopics } from './copy-target.ts';
import { EncryptingCopy } from './encrypting-copy.ts';
import {
  type EventFilter,
  eventFilter,
  type FilterOptions,
  withFilterOptions,
} from './event-filter.ts';

type Options = FilterOptions & {
  to: string;
  registry: string;
  toSettings?: string;
  prefix?: string;
  cloudevents: boolean;
  encrypt: boolean;
  skipUndecodable: boolean;
  dryRun: boolean;
  json: boolean;
};

const examples = `
Examples:
  npm run replay -- copy --to kafka-2:9092 --registry http://registry-2:8081 --dry-run
  npm run replay -- copy --to kafka-2:9092 --registry http://registry-2:8081 --cloudevents
  npm run replay -- copy --to 127.0.0.1:9092 --registry http://127.0.0.1:8081/apis/ccompat/v7 \\
    --prefix of-alice. --user alice

Keys, order, times and lanes stay; each schema is registered at the target, and its id there is put
into the event's bytes. A header of each copy names its source, so the same command continues where
it was killed or interrupted, and later copies newer events: no event is doubled or missed. Missing
topics are created with REPLICATION and MIN_IN_SYNC_REPLICAS. The keys of people's text are copied
with the records that say whose are destroyed: services at the target need the same MASTER_KEY, and
whoever is erased here is erased there by the next copy. --encrypt copies a whole log whose text
was written before encryption: each text is encrypted with its person's key, made if there is none.
It needs MASTER_KEY; stop command-api before.
Exit code: 0 all is copied, 1 records that can't be decoded were left out, 2 the copy failed,
130 interrupted.`;

export const copyCommand = withFilterOptions(new Command('copy'))
  .description('Copies events to another cluster, or to topics with another prefix.')
  .requiredOption('--to <brokers>', 'brokers of the target, as host:port,host:port')
  .requiredOption('--registry <url>', 'schema registry of the target')
  .option('--to-settings <file>', 'file like .env with KAFKA_SSL and KAFKA_SASL_* of the target')
  .option('--prefix <prefix>', 'prefix of the target topics (default: TOPIC_PREFIX)')
  .option('--cloudevents', 'add all CloudEvents attributes as headers (binary mode)', false)
  .option('--encrypt', 'encrypt text of people that was written in clear', false)
  .option('--skip-undecodable', 'leave out undecodable records instead of stopping', false)
  .option('--dry-run', 'only count the events that would be copied', false)
  .addHelpText('after', examples)
  .action(async (options: Options) => {
    const filter = eventFilter(options);
    checkAddresses(options);
    const meant = options.encrypt ? wholeLog(filter) : filter;
    process.exitCode = await withTool((tool) => copyTo(tool, meant, options));
  });

/** Copies with and without encryption don't continue each other, so their filters differ. */
function wholeLog(filter: EventFilter): EventFilter {
  const isWhole = filter.contexts.length === application.schemas.contexts.length;
  if (isWhole && filter.text === '') return { ...filter, text: 'encrypt' };
  throw new ToolError('--encrypt is for a whole log: leave out the options that select events.');
}

function checkAddresses({ to, registry, prefix = '' }: Options): void {
  const { error } = setting.brokers.safeParse(to);
  if (error) throw new ToolError(`--to ${to} ${error.issues[0]?.message}.`);
  if (!/^https?:$/.test(URL.parse(registry)?.protocol ?? '')) {
    throw new ToolError(`--registry ${registry} is not an http:// or https:// URL.`);
  }
  if (!/^[A-Za-z0-9._-]{0,100}$/.test(prefix)) {
    throw new ToolError(`--prefix ${prefix} has other characters than letters, digits and ._-`);
  }
}

function settingsThere(file: string | undefined): Config {
  if (file === undefined) return application.settings.read({});
  try {
    return application.settings.read(parseEnv(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new ToolError(`--to-settings ${file}: ${(error as Error).message}`);
  }
}

async function copyTo(tool: Tool, filter: EventFilter, options: Options): Promise<number> {
  const there = settingsThere(options.toSettings);
  const address = { brokers: options.to, setting: '--to', clientId: 'replay-copy' };
  const target = await connectLog({ ...address, onWarning: sayKafka }, there);
  try {
    const job = await prepare(tool, target, filter, options);
    // Before the events, so that none is at the target whose text can't be read there.
    job.counts.keys += await copyKeysOf(tool, target, options);
    const bar = options.json || !process.stderr.isTTY ? null : new SingleBar({});
    bar?.start(offsetsBetween(job.bounds.from, job.bounds.until), 0);
    job.onProgress = progressOf(job.bounds.from, (offsets) => bar?.update(offsets));
    try {
      if (options.encrypt) await copyEncrypted(job);
      else await inTurns(tool.lanes, (lane) => copyLane(job, lane));
    } finally {
      bar?.stop();
    }
    // Again: somebody may have been erased meanwhile, or got a key.
    if (!options.dryRun) job.counts.keys += await copyKeysOf(tool, target, options);
    await report(job, options);
    if (tool.stop.aborted) return exit.interrupted;
    return job.counts.undecodable > 0 ? exit.differs : exit.done;
  } finally {
    await target.close();
  }
}

/** First whose keys there are, so that nobody gets a second one. */
async function copyEncrypted(job: CopyJob): Promise<void> {
  const { tool, target, schemas } = job;
  const { people, commands } = application;
  if (!people) throw new ToolError('This application has no people whose text is encrypted.');
  const masters = masterKeysOf(tool.config);
  const some = (isMeant: (context: string) => boolean): CopyJob => {
    const contexts = job.filter.contexts.filter(isMeant);
    const topics = new Set(contexts.map((context) => topicName(tool.prefix, context)));
    const [from, until] = [job.bounds.from, job.bounds.until].map((all) =>
      all.filter(({ topic }) => topics.has(topic)),
    );
    return { ...job, filter: { ...job.filter, contexts }, bounds: { from: from!, until: until! } };
  };
  const ofPeople = some((context) => context === people.topic);
  await inTurns(tool.lanes, (lane) => copyLane(ofPeople, lane));
  if (tool.stop.aborted) return;
  const others = some((context) => context !== people.topic);
  if (job.dryRun) return inTurns(tool.lanes, (lane) => copyLane(others, lane));
  const copied = await CopiedPeople.open({ tool, target, people, masters, schemas });
  const aggregates = [...new Set(commands.map(({ aggregate }) => aggregate))];
  const encrypting = new EncryptingCopy(tool, copied, aggregates);
  try {
    await inTurns(tool.lanes, (lane) => copyLane({ ...others, encrypting }, lane));
  } finally {
    await encrypting.close();
  }
}

function copyKeysOf(tool: Tool, log: Log, { prefix = tool.prefix, dryRun }: Options) {
  const { replication, minInSyncReplicas } = tool.config;
  const [from, to] = [tool, { log, prefix }];
  return copyKeys(from, to, { replication, minInSyncReplicas, dryRun });
}

async function prepare(
  tool: Tool,
  log: Log,
  filter: EventFilter,
  { registry, prefix = tool.prefix, cloudevents, skipUndecodable, dryRun }: Options,
): Promise<CopyJob> {
  const { config, lanes } = tool;
  const [cluster, other] = await Promise.all([tool.log.id(), log.id()]);
  if (cluster === other && prefix === tool.prefix) {
    throw new ToolError('Source and target topics are the same. Name another cluster or --prefix.');
  }
  // If LANES differed from the topics' number of lanes, some lanes would be left out.
  const sources = filter.contexts.map((context) => topicName(tool.prefix, context));
  await tool.log.checkTopics(sources, { lanes });
  const { replication, minInSyncReplicas } = config;
  const topics = filter.contexts.map((context) => topicName(prefix, context));
  const missing = await prepareTopics(log, topics, {
    ...{ lanes, replication, minInSyncReplicas, dryRun },
  });
  const from = openSchemaRegistry({ url: config.schemaRegistryUrl! });
  const to = openSchemaRegistry({ url: registry, setting: '--registry' });
  const registryUrl = withoutPassword(registry).replace(/\/$/, '');
  return {
    ...{ tool, cluster, filter, dryRun, skipUndecodable, cloudEvents: cloudevents, say },
    reader: tool.log.reader(),
    bounds: await boundsOf(tool.log, sources),
    schemas: new CopiedSchemas({ from, to, prefix, dryRun }),
    target: { log, reader: log.reader(), prefix, registryUrl, missing },
    counts: { copied: 0, leftOut: 0, undecodable: 0, keys: 0 },
    encrypting: null,
    onProgress: () => {},
  };
}

const lanesAtOnce = 4;

/** Works on the lanes, a few at once; throws the first failure when all have stopped. */
async function inTurns(lanes: number, work: (lane: number) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (next < lanes && !failed) {
      await work(next++).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const all = await Promise.allSettled(Array.from({ length: lanesAtOnce }, worker));
  const failure = all.find((one) => one.status === 'rejected');
  if (failure) throw failure.reason;
}

const offsetsBetween = (from: readonly Position[], until: readonly Position[]): number =>
  until.reduce((sum, { next }, at) => sum + next - from[at]!.next, 0);

function progressOf(from: readonly Position[], show: (offsets: number) => void) {
  const passed = new Map(from.map((begin) => [`${begin.topic}/${begin.lane}`, 0]));
  const begins = new Map(from.map((begin) => [`${begin.topic}/${begin.lane}`, begin.next]));
  return (reached: readonly Position[]) => {
    for (const { topic, lane, next } of reached) {
      passed.set(`${topic}/${lane}`, next - begins.get(`${topic}/${lane}`)!);
    }
    show([...passed.values()].reduce((sum, offsets) => sum + offsets, 0));
  };
}

async function report({ counts, schemas, target, tool }: CopyJob, options: Options) {
  const subjects = [...schemas.added].sort();
  const { missing } = target;
  if (options.json) {
    const { dryRun } = options;
    const interrupted = tool.stop.aborted;
    await print(JSON.stringify({ dryRun, interrupted, ...counts, topics: missing, subjects }));
    return;
  }
  const would = options.dryRun ? 'would be ' : '';
  for (const topic of missing) await print(`topic ${topic} ${would}created`);
  for (const subject of subjects) await print(`schema ${subject} ${would}registered`);
  const { copied, leftOut, undecodable, keys } = counts;
  await print(`${counted(copied, 'event')} ${would}copied, ${leftOut} left out by the filters`);
  if (keys > 0) await print(`${counted(keys, 'record')} of people's keys ${would}copied`);
  if (undecodable > 0) await print(`${counted(undecodable, 'record')} left out: not decodable`);
  if (tool.stop.aborted) await print('Interrupted: the same command continues from here.');
}
