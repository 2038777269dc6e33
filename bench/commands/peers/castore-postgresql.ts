import { Command, EventStore, EventType, tuple } from '@castore/core';
import { PostgresEventStorageAdapter } from '@castore/event-storage-adapter-postgres';
import { answer, serveVotes, type Vote } from '../baseline.ts';
import { type Ballot, decide, evolve, initialState, retries, type VoteCast } from './ballot.ts';

/** Castore with its PostgreSQL adapter, and the adapter's own pool of connections. */

type Aggregate = Ballot & { aggregateId: string; version: number };

const connectionString = process.env.POSTGRESQL_URL as string;
await PostgresEventStorageAdapter.createEventTable({
  connectionString,
  aggregateId: { type: 'VARCHAR', length: 200 },
});
const voteCast = new EventType<'VoteCast', VoteCast['data'], VoteCast['metadata']>({
  type: 'VoteCast',
});
const ballots = new EventStore({
  eventStoreId: 'BALLOT',
  eventTypes: [voteCast],
  reducer: (ballot: Aggregate, { aggregateId, version, payload }): Aggregate => ({
    ...evolve(ballot, { data: payload }),
    aggregateId,
    version,
  }),
  eventStorageAdapter: new PostgresEventStorageAdapter({ connectionString }),
});

const castVote = new Command({
  commandId: 'CAST_VOTE',
  requiredEventStores: tuple(ballots),
  eventAlreadyExistsRetries: retries,
  handler: async (vote: Vote, [store]) => {
    const aggregateId = `${vote.movieId}/${vote.userId}`;
    const { aggregate } = await store.getAggregate(aggregateId);
    const version = aggregate?.version ?? 0;
    const [event] = decide(vote, aggregate ?? initialState());
    if (!event) return answer(aggregateId, version, []);
    const { type, data: payload, metadata } = event;
    await store.pushEvent({ aggregateId, version: version + 1, type, payload, metadata });
    return answer(aggregateId, version + 1, [type]);
  },
});

await serveVotes((vote) => castVote.handler(vote, [ballots]));
