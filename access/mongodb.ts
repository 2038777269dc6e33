import type { Rights } from './rights.ts';

export type MongodbPrivilege = {
  resource: { db: string; collection: string };
  actions: readonly string[];
};

/** The privileges of a user's role. */
export const mongodbPrivileges = ({ collections }: Rights, database: string): MongodbPrivilege[] =>
  Object.entries(collections).map(([name, actions]) => {
    const collection = name === '*' ? '' : name;
    return { resource: { db: database, collection }, actions };
  });
