import { kafkaGrants } from './kafka.ts';
import { mongodbPrivileges } from './mongodb.ts';
import { type Rights, users } from './rights.ts';

/** The rights of all users as documents: a table for people, and resources for Kubernetes. */

const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

/** `movies`, `ranking`: Read, Write; `person-keys`: Read */
function byActs(some: Readonly<Record<string, readonly string[]>>, all = '*'): string {
  const grouped = Map.groupBy(Object.entries(some), ([, acts]) => acts.join(', '));
  return [...grouped]
    .map(([acts, entries]) => {
      const names = entries.map(([name]) => name);
      return `${names[0] === '*' ? all : code(names)}: ${acts}`;
    })
    .join('; ');
}

function row(user: string, { who, topics, transactions, ...more }: Rights): string {
  const kafka = [byActs(topics), transactions && `transactional ids \`${transactions}*\`: Write`];
  const cells = [
    `\`${user}\`: ${who}`,
    kafka.filter(Boolean).join('; '),
    byActs(more.collections, 'all') || '–',
    more.registry ?? '–',
    code(more.secrets ?? []) || '–',
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The table of `docs/security.md`. */
export const rightsTable = (): string =>
  [
    '| user | Kafka | MongoDB, by collection | registry | secrets |',
    '| --- | --- | --- | --- | --- |',
    ...users.map(([user, rights]) => row(user, rights)),
  ].join('\n');

const list = (names: readonly string[]) => `[${names.join(', ')}]`;
const patternTypes = { literal: 'literal', prefix: 'prefix' } as const;

/** `helm/kafka-users.yaml`: a user for each program, for Strimzi. */
export const kafkaUsers = (): string =>
  users
    .map(([user, rights]) => {
      const acls = kafkaGrants(rights).map(({ type, name, pattern, operations }) => {
        const resource = `{ type: ${type}, name: ${name}, patternType: ${patternTypes[pattern]} }`;
        return `      - { resource: ${resource}, operations: ${list(operations)} }`;
      });
      return `apiVersion: kafka.strimzi.io/v1
kind: KafkaUser
metadata: { name: ${user}, labels: { strimzi.io/cluster: movies } }
spec:
  authentication: { type: scram-sha-512 }
  authorization:
    type: simple
    acls:
${acls.join('\n')}
`;
    })
    .join('---\n');

const withCollections = users.filter(([, { collections }]) => Object.keys(collections).length > 0);

/** The end of `helm/mongodb.yaml`: a role and a user for each program, for MongoDB's operator. */
export const mongodbUsers = (database: string): string =>
  `    roles:
${withCollections
  .map(([user, rights]) => {
    const privileges = mongodbPrivileges(rights, database).map(({ resource, actions }) => {
      const { db, collection } = resource;
      const where = `{ db: ${db}, collection: "${collection}" }`;
      return `          - { resource: ${where}, actions: ${list(actions)} }`;
    });
    return `      - role: ${user}
        db: admin
        roles: []
        privileges:
${privileges.join('\n')}
`;
  })
  .join('')}  users:
${withCollections
  .map(
    ([user]) => `    - name: ${user}
      db: admin
      passwordSecretRef: { name: movies-mongodb-${user} }
      scramCredentialsSecretName: ${user}
      roles: [{ name: ${user}, db: admin }]
`,
  )
  .join('')}`;
