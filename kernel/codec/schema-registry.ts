import confluent from '@kafkajs/confluent-schema-registry';
import type { Type } from 'avsc';
import { z } from 'zod';
import { avroOptions } from './avro.ts';
import {
  type AskRegistry,
  type RegistryAddress,
  RegistryAwayError,
  registryAway,
  registryRequests,
} from './registry-requests.ts';

/** A Confluent-compatible schema registry: ids and schemas, no bytes. */
export type SchemaRegistry = {
  /** The id of exactly this schema under this subject; null if it isn't registered. */
  idOf(subject: string, schema: NamedSchema): Promise<number | null>;
  /** The Avro type that has this id; null if the registry knows no such id, or it isn't Avro. */
  typeOf(id: number): Promise<Type | null>;
  /** The schema that has this id, as it was registered; null as `typeOf`. */
  schemaOf(id: number): Promise<NamedSchema | null>;
  /**
   * Registers a schema, or finds it registered.
   * @throws SchemaRefusedError if it can't be read by, or can't read, a registered one.
   */
  register(subject: string, schema: NamedSchema): Promise<number>;
};

export type NamedSchema = { type: 'record'; name: string; namespace: string; fields: object[] };

/** The registry will never take this schema; the message names subject, reason and cure. */
export class SchemaRefusedError extends Error {
  override name = 'SchemaRefusedError';
}

const requestTimeoutMs = 4_000;
const largestId = 2 ** 31 - 1;
/** A registry that has just started may answer too late; registering twice does no harm. */
const registerTries = 3;
/** Old code reads new events and new code reads old ones, over all versions of a schema. */
const compatibility = 'FULL_TRANSITIVE';

const Id = z.object({ id: z.number() });
const Registered = z.object({ schema: z.string(), schemaType: z.string().default('AVRO') });
const Setting = z.object({ compatibilityLevel: z.string() });

/** Opens no connection yet. */
export function openSchemaRegistry(address: RegistryAddress): SchemaRegistry {
  const ask = registryRequests(address, { timeoutMs: requestTimeoutMs });
  const schemaOf = async (id: number): Promise<NamedSchema | null> => {
    // Registries refuse to read larger ids at all, as if there were no such path.
    if (id > largestId) return null;
    const found = await ask(`schemas/ids/${id}`, Registered, { refusals: [404] });
    if (!found.ok || found.body.schemaType !== 'AVRO') return null;
    return JSON.parse(found.body.schema) as NamedSchema;
  };
  const clientType = openTypes(address);
  /** By subject. Until the first version has its setting, another one would be refused. */
  const registering = new Map<string, Promise<unknown>>();
  return {
    async idOf(subject, schema) {
      const found = await ask(`subjects/${encodeURIComponent(subject)}`, Id, {
        ...{ method: 'POST', body: { schema: JSON.stringify(schema) }, refusals: [404] },
      });
      return found.ok ? found.body.id : null;
    },
    // The client takes any 404 for an answer of the registry, also that of a proxy on the way.
    typeOf: async (id) => ((await schemaOf(id)) ? clientType(id) : null),
    schemaOf,
    register(subject, schema) {
      const before = registering.get(subject) ?? Promise.resolve();
      const own = before.catch(() => {}).then(() => registerAgain(ask, subject, schema));
      registering.set(subject, own);
      return own;
    },
  };
}

async function registerAgain(ask: AskRegistry, subject: string, schema: NamedSchema) {
  for (let left = registerTries; ; left -= 1) {
    try {
      return await register(ask, subject, schema);
    } catch (error) {
      if (!(error instanceof RegistryAwayError) || left === 1) throw error;
    }
  }
}

/**
 * Looks types up by their ids. The client resolves a schema's references and tries again after a
 * failure, but its types have lost the schemas' documentation.
 */
function openTypes(address: RegistryAddress): (id: number) => Promise<Type | null> {
  const client = new confluent.SchemaRegistry(
    {
      host: address.url.replace(/\/$/, ''),
      // Without a timeout, a registry that accepts connections and is silent would hold a lane up.
      middlewares: [
        () => ({ request: async (request) => request.enhance({ timeout: requestTimeoutMs }) }),
      ],
    },
    { [confluent.SchemaType.AVRO]: avroOptions },
  );
  return async (id) => {
    try {
      const type = await client.getSchema(id);
      return isAvroType(type) ? type : null;
    } catch (error) {
      // The client begins with its own name, and calls a connection that fails "status 400".
      const reason = (error as Error).message.replace(/^\w+ - (Error, status 400: )?/, '');
      throw registryAway(address, new Error(reason));
    }
  };
}

const isAvroType = (type: object): type is Type => 'createResolver' in type;

/**
 * A subject gets its setting before its first version. A request that was given up may be executed
 * later, so a version could stand without the setting for long, which then can't be told from a
 * subject that somebody gave another one.
 */
async function register(ask: AskRegistry, subject: string, schema: NamedSchema): Promise<number> {
  const name = encodeURIComponent(subject);
  const setting = await ask(`config/${name}`, Setting, { refusals: [404] });
  const level = setting.ok ? setting.body.compatibilityLevel.toUpperCase() : null;
  let isSet = level === compatibility;
  if (level !== null && !isSet && !(await isHalfRegistered(ask, name, { level, schema }))) {
    throw wrongLevel(subject, level);
  }
  const set = { method: 'PUT', body: { compatibility } } as const;
  // Some registries may have no settings of subjects without a version.
  isSet ||= (await ask(`config/${name}`, z.unknown(), { ...set, refusals: [404] })).ok;
  const registered = await registerVersion(ask, name, schema);
  if (!registered.ok) throw refusal(subject, registered);
  if (!isSet) await ask(`config/${name}`, z.unknown(), set);
  return registered.body.id;
}

/**
 * Two registrations at once, such as of a request that was given up and its repeat, are a conflict
 * as well, and not only schemas that don't go together. Those conflict again.
 */
async function registerVersion(ask: AskRegistry, name: string, schema: NamedSchema) {
  for (let left = registerTries; ; left -= 1) {
    const registered = await ask(`subjects/${name}/versions`, Id, {
      ...{ method: 'POST', body: { schema: JSON.stringify(schema) }, refusals: [409, 422] },
    });
    if (registered.ok || registered.status !== 409 || left === 1) return registered;
  }
}

/**
 * A registration of an older release, which set the subject up last, that was cut off before. The
 * registry then says that the subject has no setting, or that it is not there yet.
 */
async function isHalfRegistered(
  ask: AskRegistry,
  name: string,
  { level, schema }: { level: string; schema: NamedSchema },
): Promise<boolean> {
  if (level !== 'NONE') return false;
  const versions = await ask(`subjects/${name}/versions`, z.array(z.int()), { refusals: [404] });
  if (!versions.ok || versions.body.length === 0) return true;
  if (versions.body.length > 1) return false;
  const body = { schema: JSON.stringify(schema) };
  return (await ask(`subjects/${name}`, Id, { method: 'POST', body, refusals: [404] })).ok;
}

function wrongLevel(subject: string, level: string): SchemaRefusedError {
  const reason = `Compatibility does not match the configuration (${compatibility} != ${level})`;
  const cure = `Set the compatibility of the subject to ${compatibility} in the registry.`;
  return new SchemaRefusedError(`${subject}: ${reason}. ${cure}`);
}

function refusal(subject: string, { status, message }: { status: number; message: string }) {
  if (status !== 409) return new SchemaRefusedError(`${subject}: ${message}`);
  const cure = 'Only add or remove fields that have a default; else make a new event type.';
  return new SchemaRefusedError(`${subject}: incompatible: ${message}. ${cure}`);
}
