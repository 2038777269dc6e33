import { type Db, MongoServerError } from 'mongodb';

const namespaceExists = 48;

/** Creates a collection unless it exists; done beforehand, since a transaction would block. */
export async function ensureCollection(db: Db, name: string): Promise<void> {
  await db.createCollection(name).catch((error: unknown) => {
    if (!(error instanceof MongoServerError && error.code === namespaceExists)) throw error;
  });
}
