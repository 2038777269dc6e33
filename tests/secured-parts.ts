import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { MongoClient } from 'mongodb';
import { inject } from 'vitest';
import { freePort } from '#local-stack/base/ports.ts';
import type { Door } from '#local-stack/parts/kafka/kafka.ts';
import type { MongodDoor } from '#local-stack/parts/mongod/mongod.ts';
import { kafkaGrants } from '../access/kafka.ts';
import { mongodbPrivileges } from '../access/mongodb.ts';
import { type UserName, users } from '../access/rights.ts';
import { type Certificate, newCertificate } from './certificate.ts';
import { startOwnStack } from './own-stack.ts';
import { type RegistryUsers, registryDoor } from './registry-door.ts';

/** Parts that ask for TLS and a login, where each user may do what `access/rights.ts` says. */

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** Every decision of Kafka's authorizer is logged. */
const authorizerLogging = `rootLogger.level=warn
rootLogger.appenderRef.stdout.ref=stdout
logger.authorizer.name=kafka.authorizer.logger
logger.authorizer.level=trace
appender.stdout.type=Console
appender.stdout.name=stdout
appender.stdout.layout.type=PatternLayout
appender.stdout.layout.pattern=%p %m%n
`;

type Passwords = Readonly<Record<string, string>>;

const kafkaDoor = (port: number, { pem }: Certificate, passwords: Passwords): Door => ({
  protocol: 'SASL_SSL',
  ports: [{ listen: port, advertised: port }],
  properties: {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': pem,
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'scram-sha-512.sasl.jaas.config':
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
  },
  brokerProperties: {
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': 'false',
    // Brokers, and the test itself, come by the other listener.
    'super.users': 'User:ANONYMOUS',
  },
  users: passwords,
});

const mongodDoor = ({ pem, ca }: Certificate, keyFile: string): MongodDoor => ({
  args: [
    ...['--auth', '--keyFile', keyFile, '--tlsMode', 'requireTLS'],
    ...['--tlsCertificateKeyFile', pem, '--tlsCAFile', ca],
    '--tlsAllowConnectionsWithoutCertificates',
  ],
  query: `tls=true&tlsCAFile=${encodeURIComponent(ca)}`,
});

const registryUsers = (passwords: Passwords): RegistryUsers =>
  new Map(
    users.map(([name, { registry }]) => {
      return [name, { password: passwords[name] ?? '', mayRegister: registry === 'registers' }];
    }),
  );

export type SecuredParts = Awaited<ReturnType<typeof startSecuredParts>>;

export async function startSecuredParts(folder: string) {
  const passwords = Object.fromEntries(
    [...users.map(([name]) => name), 'admin'].map((name) => [
      name,
      randomBytes(12).toString('hex'),
    ]),
  );
  const certificate = await newCertificate(folder);
  const [keyFile, logging] = [join(folder, 'set.key'), join(folder, 'log4j2.properties')];
  await writeFile(keyFile, randomBytes(96).toString('base64'), { mode: 0o400 });
  await writeFile(logging, authorizerLogging);
  const kafkaPort = await freePort();
  const { schemaRegistry } = inject('stack');
  const [stack, registry] = await Promise.all([
    startOwnStack({
      elsewhere: { schemaRegistry },
      door: kafkaDoor(kafkaPort, certificate, passwords),
      kafkaFlags: [`-Dlog4j2.configurationFile=${logging}`],
      mongodDoor: mongodDoor(certificate, keyFile),
    }),
    registryDoor(schemaRegistry, registryUsers(passwords), certificate),
  ]);
  const brokers = `127.0.0.1:${kafkaPort}`;
  const mongoUrl = (name: string) =>
    `${stack.endpoints.mongo.replace('//', `//${name}:${passwords[name]}@`)}&authSource=admin`;
  const admin = await firstUser(stack.endpoints.mongo, passwords, mongoUrl('admin'));
  return {
    /** What services would use if they had logins. */
    endpoints: { kafka: brokers, schemaRegistry: registry.url, mongo: stack.endpoints.mongo },
    admin,
    kafkaLog: join(stack.dataDir, 'logs', 'kafka.log'),
    /** Past all logins, as the brokers themselves speak. */
    kafkaInside: stack.endpoints.kafka,
    certificate,
    /** The settings of a service that logs in as this user. */
    settingsOf: (name: UserName) => ({
      ...settingsOfKafka(name, passwords[name] ?? '', certificate, brokers),
      SCHEMA_REGISTRY_URL: registry.url.replace('//', `//${name}:${passwords[name]}@`),
      NODE_EXTRA_CA_CERTS: certificate.ca,
      MONGO_URL: mongoUrl(name),
    }),
    grant: (prefix: string, database: string) =>
      Promise.all([
        grantTopics(stack.endpoints.kafka, prefix),
        grantCollections(admin, database, passwords),
      ]),
    async stop() {
      await admin.close();
      registry.close();
      await stack.stop();
    },
  };
}

const settingsOfKafka = (name: string, password: string, { ca }: Certificate, brokers: string) => ({
  KAFKA_BROKERS: brokers,
  KAFKA_SSL: 'true',
  KAFKA_SSL_CA: ca,
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: name,
  KAFKA_SASL_PASSWORD: password,
});

/** A mongod without users lets one be made from its own machine. */
async function firstUser(url: string, { admin: pwd }: Passwords, adminUrl: string) {
  const client = await MongoClient.connect(url);
  await client.db('admin').command({ createUser: 'admin', pwd, roles: ['root'] });
  await client.close();
  return MongoClient.connect(adminUrl);
}

async function grantTopics(brokers: string, prefix: string): Promise<void> {
  const admin = new kafkajs.Kafka({
    brokers: brokers.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin();
  const operations: Record<string, number> = {
    ...{ Read: AclOperationTypes.READ, Write: AclOperationTypes.WRITE },
    ...{ Create: AclOperationTypes.CREATE, DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS },
    Describe: AclOperationTypes.DESCRIBE,
  };
  const acl = users.flatMap(([user, rights]) =>
    kafkaGrants(rights, prefix).flatMap(({ type, name, pattern, operations: granted }) =>
      granted.map((operation) => ({
        resourceType: type === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.TRANSACTIONAL_ID,
        resourceName: name,
        resourcePatternType:
          pattern === 'literal' ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
        principal: `User:${user}`,
        host: '*',
        operation: operations[operation] ?? AclOperationTypes.UNKNOWN,
        permissionType: AclPermissionTypes.ALLOW,
      })),
    ),
  );
  await admin.connect();
  try {
    await admin.createAcls({ acl });
  } finally {
    await admin.disconnect();
  }
}

async function grantCollections(admin: MongoClient, database: string, passwords: Passwords) {
  const db = admin.db('admin');
  for (const [user, rights] of users) {
    const privileges = mongodbPrivileges(rights, database);
    if (privileges.length === 0) continue;
    await db.command({ createRole: user, privileges, roles: [] });
    await db.command({ createUser: user, pwd: passwords[user], roles: [user] });
  }
}
