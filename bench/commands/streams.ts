import { openCodec } from '#kernel/codec/codec.ts';
import { type Event, eventId } from '#kernel/event.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import type { RecordToAppend } from '#kernel/log/log.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import type { MovieAdded, VoteCast } from '#schemas/generated/events.ts';
import { eventSchemas } from '#schemas/load.ts';
import { median, rounded, type Target } from '../results.ts';
import { progress, type Rig } from '../rig.ts';
import { type Load, type Measured, measure } from './measure.ts';

/** Measures the same load on few existing streams and on many, most of which are cold. */

export type OnStreams = { streams: number; takenInSeconds: number } & Pick<
  Measured,
  'requestsPerSecond' | 'p50Ms' | 'p99Ms' | 'rssMb' | 'refused'
>;

const recordsAtOnce = 20_000;
const connections = 64;
/**
 * As a node may be set that has 512 MB. Without a limit, V8 collects garbage late, and memory use
 * shows nothing of the real need; streams in memory then have to leave room for other things.
 */
const small = { NODE_OPTIONS: '--max-old-space-size=256', STREAM_CACHE_MB: '32' };
/** The node reads the whole log before it is ready: its `write_state` is empty. */
const takenWithinMs = 1_800_000;
const firstAt = Date.parse('2026-01-01T00:00:00Z');

/** Starts a node on a log with so many ballots, and lets users change some of their votes. */
export async function measureStreams(
  rig: Rig,
  streams: number,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<OnStreams> {
  const name = `s${streams}`;
  const own = { TOPIC_PREFIX: `${name}.`, MONGO_DATABASE: name, ...small };
  // Enough movies for every lane, and at least as many users as connections.
  const movies = Math.max(10, Math.min(1_000, streams / 1_000));
  const users = streams / movies;
  await rig.deploy(own.TOPIC_PREFIX);
  const count = streams.toLocaleString('en');
  await progress.step(`Write ${count} ballots`, () =>
    fill(rig, own.TOPIC_PREFIX, { movies, users }),
  );
  const startedAt = performance.now();
  const server = await progress.step(`Take a log of ${count} ballots`, () =>
    rig.start('command-api/main.ts', own, takenWithinMs),
  );
  const takenInSeconds = rounded((performance.now() - startedAt) / 1_000);
  const load: Omit<Load, 'url'> = {
    ...{ secret: rig.settings.AUTH_SECRET as string, connections, seconds },
    ...{ movies, moviesOfUser: movies, users: 'user' },
  };
  const ours = { server, stores: [rig.stores.kafka, rig.stores.mongod] };
  const all: Measured[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const title = `${count} ballots, round ${round} of ${rounds}`;
    const everybody = { count: users, round };
    const measured = await progress.step(title, () => measure(rig, ours, { ...load, everybody }));
    if (round > 0) all.push(measured); // The first round only warms up.
  }
  await server.end();
  const of = (column: keyof Measured) => rounded(median(all.map((one) => one[column])));
  return {
    ...{ streams, takenInSeconds, requestsPerSecond: of('requestsPerSecond') },
    ...{ p50Ms: of('p50Ms'), p99Ms: of('p99Ms') },
    rssMb: Math.max(...all.map(({ rssMb }) => rssMb)),
    refused: Math.max(...all.map(({ refused }) => refused)),
  };
}

type Ballots = { movies: number; users: number };

async function fill({ settings }: Rig, prefix: string, { movies, users }: Ballots): Promise<void> {
  const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL: registryUrl = '', LANES } = settings;
  const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'bench-fill' });
  const codec = await openCodec({ registryUrl, topicPrefix: prefix, schemas: eventSchemas });
  const producer = await log.producer(transactionalId(prefix, 'bench-fill'));
  const records: RecordToAppend[] = [];
  const add = async (context: string, key: string, event: Event) => {
    const topic = topicName(prefix, context);
    const lane = laneOf(key, Number(LANES));
    const value = codec.encode(topic, event);
    records.push({ topic, lane, key, value, timestamp: event.meta.time });
    if (records.length >= recordsAtOnce) await producer.append(records.splice(0));
  };
  for (let movie = 1; movie <= movies; movie += 1) await add('movies', `m${movie}`, added(movie));
  for (let movie = 1; movie <= movies; movie += 1) {
    for (let user = 0; user < users; user += 1) {
      await add('ranking', `m${movie}`, liked(`m${movie}`, `user-${user}`));
    }
  }
  await producer.append(records);
  await log.close();
}

function first(type: string, subject: string, actor: string, data: object): Event {
  const id = eventId(subject, 1);
  const who = { actor, correlationid: id, causationid: null, commandid: id };
  const meta = { id, source: '/command-api', subject, time: firstAt, sequence: 1, ...who };
  return { type, data, meta: { ...meta, requesthash: 'n4bQgYhMfWWaL-qgxVrQFQ' } };
}

const added = (movie: number): Event => {
  const data: MovieAdded = {
    ...{ movieId: `m${movie}`, title: `Movie ${movie}`, genres: ['Drama'], description: 'One.' },
    ...{ director: 'A. Director', actors: ['A. Actor'], year: 2010, runtimeMinutes: 100 },
    ...{ rating: 7, ratingVotes: movie, revenueMillions: null, metascore: null },
    ...{ imdbId: null, tmdbId: null, addedAt: firstAt },
  };
  return first('MovieAdded', `movies/m${movie}`, 'bench', data);
};

const liked = (movieId: string, userId: string): Event => {
  const data: VoteCast = {
    ...{ movieId, userId, vote: 'like', previous: 'none', previousCastAt: null },
    ...{ castAt: firstAt, changedAt: null },
  };
  return first('VoteCast', `ranking/${movieId}/${userId}`, userId, data);
};

export function streamTargets([few, many]: readonly OnStreams[]): Target[] {
  if (!few || !many) return [];
  const times = rounded(many.requestsPerSecond / few.requestsPerSecond);
  const count = many.streams.toLocaleString('en');
  return [
    {
      what: `${count} existing streams, times ${few.streams.toLocaleString('en')}`,
      wanted: '≥ 0.9',
      measured: times,
      met: times >= 0.9,
    },
    {
      what: `RSS in MB with ${count} existing streams`,
      wanted: '< 512',
      measured: many.rssMb,
      met: many.rssMb < 512,
    },
  ];
}
