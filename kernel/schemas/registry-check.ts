import { z } from 'zod';
import { avroType } from '../codec/avro.ts';
import { subjectOf } from '../codec/codec.ts';
import { loginHeader, RegistryAwayError, withoutPassword } from '../codec/schema-registry.ts';
import { compatibilityCure, unreadable } from './compatibility.ts';
import type { AvroRecord, EventSchema } from './event-schema.ts';

const requestTimeoutMs = 10_000;

const Verdict = z.object({
  is_compatible: z.boolean(),
  reason: z.string().nullish(),
  messages: z.array(z.string()).nullish(),
});
const Versions = z.array(z.number());
const Version = z.object({ schema: z.string() });

/**
 * Asks the registry whether it would take today's schemas; registers nothing.
 * @returns one line per problem. @throws RegistryAwayError when it doesn't answer.
 */
export async function registryProblems(
  registryUrl: string,
  topicPrefix: string,
  schemas: readonly EventSchema[],
): Promise<string[]> {
  const problems = await Promise.all(
    schemas.map((event) => subjectProblems(registryUrl, subjectOf(topicPrefix, event), event)),
  );
  return problems.flat();
}

async function subjectProblems(url: string, subject: string, event: EventSchema) {
  const path = `subjects/${encodeURIComponent(subject)}/versions`;
  const body = { schema: JSON.stringify(event.schema) };
  const answer = await ask(url, `compatibility/${path}?verbose=true`, body);
  if (answer.status === 404) return []; // A new event type: nothing to be compatible with.
  if (answer.status === 422) return [`${event.type}: the registry calls it no valid schema`];
  const verdict = Verdict.parse(answer.body);
  if (verdict.is_compatible) return [];
  const named = await namedProblems(url, path, event);
  if (named.length > 0) return named;
  const reason = verdict.reason ?? verdict.messages?.join('; ') ?? 'no reason given';
  return [`${event.type}: the registry refuses it: ${reason}. ${compatibilityCure}`];
}

/** The registry speaks of positions in the schema; these lines name the fields. */
async function namedProblems(url: string, path: string, { type, schema }: EventSchema) {
  const today = avroType(schema);
  const problems: string[] = [];
  for (const version of Versions.parse((await ask(url, path)).body)) {
    const registered = Version.parse((await ask(url, `${path}/${version}`)).body);
    const other = avroType(JSON.parse(registered.schema) as AvroRecord);
    const reasons = [...unreadable(today, other, type), ...unreadable(other, today, type)];
    for (const reason of reasons) {
      problems.push(`${reason} (version ${version} in the registry). ${compatibilityCure}`);
    }
  }
  return problems;
}

async function ask(url: string, path: string, body?: object) {
  const shown = withoutPassword(url).replace(/\/$/, '');

  const options = {
    headers: {
      'content-type': 'application/vnd.schemaregistry.v1+json',
      ...loginHeader(url),
    },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(requestTimeoutMs),
  };
  try {
    const answer = await fetch(`${shown}/${path}`, options);
    const readable = answer.ok || answer.status === 404 || answer.status === 422;
    if (!readable) throw new Error(`status ${answer.status}`);
    return { status: answer.status, body: (await answer.json()) as unknown };
  } catch (cause) {
    const { message } = cause as Error;
    throw new RegistryAwayError(`The schema registry at ${shown} gave no answer (${message}).`, {
      cause,
    });
  }
}
