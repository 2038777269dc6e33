import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { serveEmmettVotes } from './emmett-votes.ts';

/** Emmett on PostgreSQL, with the store's own pool of connections. */

const store = getPostgreSQLEventStore(process.env.POSTGRESQL_URL as string);
await store.schema.migrate();
await serveEmmettVotes(store, (ballot) => `ballot-${ballot}`);
