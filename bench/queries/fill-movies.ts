import { openCodec } from '#kernel/codec/codec.ts';
import { eventId } from '#kernel/event.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import type { RecordToAppend } from '#kernel/log/log.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import type { MovieAdded } from '#schemas/generated/events.ts';
import { eventSchemas } from '#schemas/load.ts';
import { seeded } from '../random.ts';
import { genres, type MoviesToFill } from './routes.ts';

/** Appends so many movies with titles, people and descriptions made from word lists. */

const recordsAtOnce = 5_000;
const addedAt = Date.parse('2026-01-01T00:00:00Z');

const { prefix, movies } = JSON.parse(process.argv[2]!) as MoviesToFill;
const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL: registryUrl = '' } = process.env;
const lanes = Number(process.env.LANES);
const topic = topicName(prefix, 'movies');
const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'bench-fill-movies' });
const codec = await openCodec({ registryUrl, topicPrefix: prefix, schemas: eventSchemas });
const producer = await log.producer(transactionalId(prefix, 'bench-fill-movies'));
const random = seeded(7);
const below = (limit: number) => Math.floor(random() * limit);

const syllables = 'ba ce di fo gu ha ki lo mu ne pa ri so tu va we xi yo za el an ir on us'.split(
  ' ',
);
const word = (number: number): string => {
  const [first, rest] = [
    syllables[number % syllables.length]!,
    Math.floor(number / syllables.length),
  ];
  return rest === 0 ? first : first + word(rest - 1);
};
/** Common words are much more frequent than rare ones, as in any text. */
const words = (count: number, vocabulary: number) =>
  Array.from({ length: count }, () => word(Math.floor(random() ** 3 * vocabulary))).join(' ');
const person = () => `${word(below(2_000))} ${word(25 + below(20_000))}`;
const capital = (text: string) => text.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());

function movie(number: number): MovieAdded {
  return {
    movieId: `m${number}`,
    title: capital(`The ${words(1 + below(3), 20_000)}`),
    genres: [...new Set([genres[below(20)]!, genres[below(20)]!, genres[below(20)]!])],
    description: capital(words(30, 30_000)),
    director: capital(person()),
    actors: Array.from({ length: 4 }, () => capital(person())),
    year: 1920 + below(106),
    runtimeMinutes: 60 + below(120),
    rating: Math.round((1 + random() * 9) * 10) / 10,
    ratingVotes: Math.floor(random() ** 4 * 1_800_000),
    revenueMillions: random() < 0.1 ? null : Math.round(random() * 90_000) / 100,
    metascore: random() < 0.1 ? null : below(101),
    imdbId: null,
    tmdbId: null,
    addedAt,
  };
}

for (let from = 1; from <= movies; from += recordsAtOnce) {
  const records: RecordToAppend[] = [];
  for (let number = from; number < Math.min(movies + 1, from + recordsAtOnce); number += 1) {
    const data = movie(number);
    const subject = `movies/${data.movieId}`;
    const id = eventId(subject, 1);
    const value = codec.encode(topic, {
      type: 'MovieAdded',
      data,
      meta: {
        ...{ id, source: '/command-api', subject, time: addedAt, sequence: 1 },
        ...{ correlationid: id, causationid: null, actor: 'bench', commandid: id },
        requesthash: 'n4bQgYhMfWWaL-qgxVrQFQ',
      },
    });
    const lane = laneOf(data.movieId, lanes);
    records.push({ topic, lane, key: data.movieId, value, timestamp: addedAt });
  }
  await producer.append(records);
}
await producer.close();
await log.close();
