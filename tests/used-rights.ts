import { readFile } from 'node:fs/promises';
import type { Db, Document } from 'mongodb';
import type { CollectionAct, UserName } from '../access/rights.ts';

/** What programs have done to the parts, as the parts themselves have noted. */

/** `USER ACT RESOURCE`, such as `projectors Read topic movies`. */
export type Used = { allowed: Set<string>; refused: Set<string> };

/** A topic that is only left out of a list of all is noted as denied too, at the level TRACE. */
const decision = new RegExp(
  [
    /^(?:INFO|DEBUG|TRACE (?=.* is Allowed)) ?Principal = User:(\S+) is (Allowed|Denied)/,
    / operation = (\w+) from host = \S+ on resource = (\w+):\w+:(\S+) for request/,
  ]
    .map(({ source }) => source)
    .join(''),
);

/** The words of Kafka's log for what `access/rights.ts` calls otherwise. */
const acts: Record<string, string> = {
  ...{ READ: 'Read', WRITE: 'Write', CREATE: 'Create' },
  ...{ DESCRIBE: 'Describe', DESCRIBE_CONFIGS: 'DescribeConfigs' },
};

/** What Kafka's authorizer has decided. */
export async function usedTopics(log: string): Promise<Used> {
  const used: Used = { allowed: new Set(), refused: new Set() };
  for (const line of (await readFile(log, 'utf8')).split('\n')) {
    const [, user, outcome, operation = '', type, name] = decision.exec(line) ?? [];
    if (!user || user === 'ANONYMOUS') continue;
    const found = outcome === 'Allowed' ? used.allowed : used.refused;
    found.add(`${user} ${acts[operation] ?? operation} ${type} ${name}`);
  }
  return used;
}

export type Step = { user: UserName; act: CollectionAct; collection: string };

/** Lets the database note each operation, until it is dropped. */
export async function noteOperations(db: Db): Promise<void> {
  await db.createCollection('system.profile', { capped: true, size: 128 * 2 ** 20 });
  await db.command({ profile: 2 });
}

/** What users have done in a database. */
export async function usedCollections(db: Db): Promise<Step[]> {
  const notes = db.collection('system.profile').find({}, { projection: { execStats: 0 } });
  const steps = new Map<string, Step>();
  for await (const note of notes) {
    const user = String(note.user).split('@')[0] as UserName;
    for (const { act, collection } of actsOf(note)) {
      steps.set(`${user} ${act} ${collection}`, { user, act, collection });
    }
  }
  return [...steps.values()];
}

type Act = Omit<Step, 'user'>;

function actsOf({ op, ns, command = {}, originatingCommand: origin }: Document): Act[] {
  const collection = String(ns).slice(String(ns).indexOf('.') + 1);
  const here = (...acts: CollectionAct[]) => acts.map((act) => ({ act, collection }));
  if (op === 'insert') return here('insert');
  if (op === 'update') return here('update', ...(command.upsert ? (['insert'] as const) : []));
  if (op === 'remove') return here('remove');
  const { pipeline } = (origin ?? command) as { pipeline?: Document[] };
  if (op === 'query' || op === 'getmore' || pipeline) {
    const others = pipeline?.flatMap(
      (stage) => stage.$unionWith?.coll ?? stage.$lookup?.from ?? [],
    );
    const isStream = pipeline?.[0] && '$changeStream' in pipeline[0];
    return [
      ...here('find', ...(isStream ? (['changeStream'] as const) : [])),
      ...(others ?? []).map((name) => ({ act: 'find' as const, collection: String(name) })),
    ];
  }
  if ('findAndModify' in command) {
    const more = command.remove ? 'remove' : 'update';
    return here('find', more, ...(command.upsert ? (['insert'] as const) : []));
  }
  if ('count' in command || 'distinct' in command) return here('find');
  if ('create' in command) return [{ act: 'createCollection', collection: command.create }];
  if ('createIndexes' in command)
    return [{ act: 'createIndex', collection: command.createIndexes }];
  if ('drop' in command) return [{ act: 'dropCollection', collection: command.drop }];
  if ('renameCollection' in command) return here('renameCollectionSameDB');
  return [];
}
