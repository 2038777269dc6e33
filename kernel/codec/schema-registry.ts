import confluent from '@kafkajs/confluent-schema-registry';
import type { Type } from 'avsc';
import { z } from 'zod';
import { avroOptions } from './avro.ts';

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

/** The registry doesn't answer, or answers with an unexpected status: try again later. */
export class RegistryAwayError extends Error {
  override name = 'RegistryAwayError';
}

/** The registry will never take this schema; the message names subject, reason and cure. */
export class SchemaRefusedError extends Error {
  override name = 'SchemaRefusedError';
}

const requestTimeoutMs = 5_000;
/** A registry that has just started may answer too late; registering twice does no harm. */
const registerTries = 3;

/** Opens no connection yet. User and password may stand in the URL; they appear in no message. */
export function openSchemaRegistry(url: string): SchemaRegistry {
  const shown = withoutPassword(url);
  const client = new confluent.SchemaRegistry(
    {
      host: url.replace(/\/$/, ''),
      clientId: 'event-sourced',
      // Without a timeout, a registry that accepts connections and is silent would hold a lane up.
      middlewares: [
        () => ({ request: async (request) => request.enhance({ timeout: requestTimeoutMs }) }),
      ],
    },
    { [confluent.SchemaType.AVRO]: avroOptions },
  );
  return {
    idOf: (subject, schema) =>
      client.getRegistryIdBySchema(subject, schema).catch(nullIfMissing(shown)),
    typeOf: async (id) => {
      const schema = await client.getSchema(id).catch(nullIfMissing(shown));
      return isAvroType(schema) ? schema : null;
    },
    schemaOf: (id) => registeredSchema(url, id),
    register: async (subject, schema) => {
      const compatibility = confluent.COMPATIBILITY.FULL_TRANSITIVE;
      for (let left = registerTries; ; left -= 1) {
        try {
          return (await client.register(schema, { subject, compatibility })).id;
        } catch (error) {
          const refused = refusal(subject, error);
          if (refused || left === 1) throw refused ?? away(shown, error);
        }
      }
    },
  };
}

/** Not by the client: it keeps only the parsed schema, which has lost its documentation. */
async function registeredSchema(url: string, id: number): Promise<NamedSchema | null> {
  const shown = withoutPassword(url).replace(/\/$/, '');
  try {
    const answer = await fetch(`${shown}/schemas/ids/${id}`, {
      headers: loginHeader(url),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const { schema, schemaType = 'AVRO' } = Registered.parse(await answer.json());
    return schemaType === 'AVRO' ? (JSON.parse(schema) as NamedSchema) : null;
  } catch (error) {
    throw away(withoutPassword(url), error);
  }
}

const Registered = z.object({ schema: z.string(), schemaType: z.string().optional() });

/** The `Authorization` header for the user and password in a registry's URL, if there are any. */
export function loginHeader(url: string): Record<string, string> {
  const { username, password } = new URL(url);
  if (!username) return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
}

/** A URL as it may be shown. */
export function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

const isAvroType = (schema: unknown): schema is Type =>
  typeof schema === 'object' && schema !== null && 'createResolver' in schema;

const statusOf = (error: unknown) =>
  error instanceof Error && 'status' in error ? error.status : undefined;

function away(url: string, cause: unknown): RegistryAwayError {
  // The client calls a connection that fails "status 400".
  const reason = (cause as Error).message.replace(/^event-sourced - (Error, status 400: )?/, '');
  const message = `The schema registry at ${url} gave no answer (${reason}). Is it running?`;
  return new RegistryAwayError(message, { cause });
}

const nullIfMissing = (url: string) => (error: unknown) => {
  // For a schema that is not under its subject the client's error has this name and no status.
  const missing = error instanceof Error && error.name === 'ConfluentSchemaRegistryError';
  if (missing || statusOf(error) === 404) return null;
  throw away(url, error);
};

function refusal(subject: string, error: unknown): SchemaRefusedError | undefined {
  const reason = (error as Error).message;
  const status = statusOf(error);
  if (status === 409) {
    const cure = 'Only add or remove fields that have a default; else make a new event type.';
    return new SchemaRefusedError(`${subject}: incompatible: ${reason}. ${cure}`, { cause: error });
  }
  if (status === 422) return new SchemaRefusedError(`${subject}: ${reason}`, { cause: error });
  if ((error as Error).name === 'ConfluentSchemaRegistryCompatibilityError') {
    const cure = 'Set the compatibility of the subject to FULL_TRANSITIVE in the registry.';
    return new SchemaRefusedError(`${subject}: ${reason}. ${cure}`, { cause: error });
  }
  return undefined;
}
