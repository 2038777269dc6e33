import { projections } from '@event-driven-io/emmett';
import {
  getMongoDBEventStore,
  mongoDBInlineProjection,
  toStreamName,
} from '@event-driven-io/emmett-mongodb';
import { stopwatch } from '../stopwatch.ts';
import type { VoteCast } from '../vote-cast.ts';
import { votes } from './votes.ts';
import type { Done, PassParts } from './way.ts';

/**
 * Emmett's event store on the same mongod: each vote is appended to its ballot's stream, and the
 * write of the stream brings the ballot's document up to date.
 */

const callers = 32;

type Appended = { type: 'VoteCast'; data: VoteCast['data'] };

/** The same document as in this system's view, without the version: Emmett keeps its own. */
const ballots = mongoDBInlineProjection({
  name: 'votes',
  canHandle: ['VoteCast'],
  evolve: (_: object | null, { data }: Appended) => ({
    movieId: data.movieId,
    userId: data.userId,
    vote: data.vote,
    castAt: data.castAt,
  }),
});

export async function appendInline({ client, db, events }: PassParts): Promise<Done> {
  const store = getMongoDBEventStore({
    client,
    storage: { type: 'COLLECTION_PER_STREAM_TYPE', databaseName: db.databaseName },
    projections: projections.inline([ballots]),
  });
  // A user's votes belong to one caller, so that no two append to the same stream at once.
  const work: VoteCast[][] = Array.from({ length: callers }, () => []);
  for (const vote of votes(events)) work[userNumber(vote) % callers]!.push(vote);
  const took = stopwatch();
  await Promise.all(
    work.map(async (own) => {
      for (const { type, data } of own) {
        const stream = toStreamName('ballot', `${data.movieId}/${data.userId}`);
        await store.appendToStream<Appended>(stream, [{ type, data }]);
      }
    }),
  );
  const done = took();
  const documents = await store.projections.inline.count({
    streamType: 'ballot',
    projectionName: 'votes',
  });
  return { events, documents, ...done };
}

const userNumber = ({ data }: VoteCast) => Number(data.userId.slice('user'.length));
