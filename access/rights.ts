import { contexts } from '#schemas/load.ts';

/**
 * What each program may do to Kafka, MongoDB and the schema registry, and nothing else: the one
 * place where it stands. `docs/security.md` shows it; the users in `helm/` are made from it
 * (`npm run generate`); `tests/secured.e2e.spec.ts` runs the whole system with exactly these
 * rights, and fails if one of them is missing or isn't needed.
 */

/** Kafka's operations on a topic. Who may read or write one may see that it is there, too. */
export type TopicAct = 'Read' | 'Write' | 'Create' | 'Describe' | 'DescribeConfigs';

/** MongoDB's actions on a collection. */
export type CollectionAct =
  | 'find'
  | 'insert'
  | 'update'
  | 'remove'
  | 'createCollection'
  | 'createIndex'
  | 'dropCollection'
  | 'renameCollectionSameDB'
  | 'changeStream';

export type Rights = {
  /** What it is, for people. */
  who: string;
  /** By the name that a topic has without TOPIC_PREFIX. */
  topics: Readonly<Record<string, readonly TopicAct[]>>;
  /** The beginning of the transactional ids under which it appends, without TOPIC_PREFIX. */
  transactions?: string;
  /**
   * By collection of MONGO_DATABASE; `*` is each of them. MongoDB knows no patterns of names, so
   * who works with generations of views, whose names are made up as they are built, gets all.
   */
  collections: Readonly<Record<string, readonly CollectionAct[]>>;
  /** Looks schemas up, or registers them too. */
  registry?: 'reads' | 'registers';
  /** Settings with secrets that it needs, beside those of its logins. */
  secrets?: readonly string[];
};

const each = <Act>(names: readonly string[], acts: readonly Act[]): Record<string, Act[]> =>
  Object.fromEntries(names.map((name) => [name, [...acts]]));

/** No view is made from the topic of people. */
const folded = contexts.filter((context) => context !== 'people');

/** Of whoever shares lanes: the leases, and who is there to have some. */
const leases = {
  leases: ['find', 'insert', 'update'],
  members: ['find', 'insert', 'update', 'remove', 'createIndex'],
} as const satisfies Rights['collections'];

/** Of whoever builds, serves or drops views. */
const views = {
  '*': [
    ...(['find', 'insert', 'update', 'remove'] as const),
    ...(['createCollection', 'createIndex', 'dropCollection', 'renameCollectionSameDB'] as const),
  ],
} as const satisfies Rights['collections'];

/** Every program that logs in, by the name that it logs in with. */
export const rights = {
  'command-api': {
    who: 'the command API',
    topics: {
      ...each(contexts, ['Read', 'Write', 'DescribeConfigs']),
      ...each(['writer-claims', 'person-keys'], ['Read', 'Write', 'DescribeConfigs']),
    },
    transactions: 'writer-',
    collections: {
      ...leases,
      write_state: ['find', 'insert', 'update', 'remove', 'createCollection'],
    },
    registry: 'reads',
    secrets: ['AUTH_SECRET', 'MASTER_KEY', 'WEBHOOK_KEY'],
  },
  projectors: {
    who: 'the projectors',
    topics: each(folded, ['Read', 'DescribeConfigs']),
    collections: { ...views, read_models: ['changeStream'] },
    registry: 'reads',
  },
  'query-api': {
    who: 'the query API',
    topics: { ...each(contexts, ['Read']), 'person-keys': ['Read', 'DescribeConfigs'] },
    collections: {
      '*': ['find'],
      read_models: ['changeStream'],
      loaded_copies: ['insert', 'update', 'remove'],
      members: ['insert', 'update', 'remove'],
    },
    registry: 'reads',
    secrets: ['AUTH_SECRET', 'MASTER_KEY'],
  },
  reactors: {
    who: 'the reactors, which send reminders, service orders and webhooks',
    topics: each(
      ['people', 'ranking', 'reminders', 'support', 'webhooks'],
      ['Read', 'DescribeConfigs'],
    ),
    collections: {
      '*': ['find'],
      leases: ['insert', 'update'],
      members: ['insert', 'update', 'remove', 'createIndex'],
      reactor_checkpoints: ['insert', 'update'],
      webhook_deliveries: ['insert', 'update', 'createIndex'],
      webhook_health: ['insert', 'update', 'remove'],
    },
    registry: 'reads',
    secrets: ['SERVICE_TOKEN', 'WEBHOOK_KEY'],
  },
  'replay-worker': {
    who: 'the replay worker, which does operators’ jobs and indexes events',
    topics: each(contexts, ['Read']),
    collections: views,
    registry: 'reads',
    secrets: ['SERVICE_TOKEN'],
  },
  replay: {
    who: 'the replay tool at a command line; `copy` writes elsewhere, as another user',
    topics: {
      ...each(contexts, ['Read', 'DescribeConfigs']),
      'person-keys': ['Read', 'Write'],
    },
    collections: views,
    registry: 'reads',
    secrets: ['MASTER_KEY'],
  },
  deploy: {
    who: '`npm run schemas:deploy`, before a release starts',
    topics: {
      ...each(contexts, ['Create', 'Describe', 'DescribeConfigs']),
      ...each(['writer-claims', 'person-keys'], ['Create', 'Describe', 'DescribeConfigs']),
    },
    collections: {},
    registry: 'registers',
  },
} as const satisfies Record<string, Rights>;

export type UserName = keyof typeof rights;

export const users = Object.entries(rights) as [UserName, Rights][];
