import { getMongoDBEventStore, toStreamName } from '@event-driven-io/emmett-mongodb';
import { MongoClient } from 'mongodb';
import { serveEmmettVotes } from './emmett-votes.ts';

/** Emmett on MongoDB: a stream is a document, with its events in an array. */

const { MONGO_URL = '', MONGO_DATABASE = '' } = process.env;
const client = await new MongoClient(MONGO_URL).connect();
const store = getMongoDBEventStore({
  client,
  storage: { type: 'COLLECTION_PER_STREAM_TYPE', databaseName: MONGO_DATABASE },
});
await serveEmmettVotes(store, (ballot) => toStreamName('ballot', ballot));
