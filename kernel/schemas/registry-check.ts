import { z } from 'zod';
import { avroType } from '../codec/avro.ts';
import { subjectOf } from '../codec/codec.ts';
import { type AskRegistry, registryRequests } from '../codec/registry-requests.ts';
import { compatibilityCure, unreadable } from './compatibility.ts';
import type { AvroRecord, EventSchema } from './event-schema.ts';

const lookUpTimeoutMs = 4_000;
/** The registry compares a schema with all its versions. */
const compareTimeoutMs = 10_000;

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
  const address = { url: registryUrl };
  const lookUp = registryRequests(address, { timeoutMs: lookUpTimeoutMs });
  const compare = registryRequests(address, { timeoutMs: compareTimeoutMs });
  const problems = await Promise.all(
    schemas.map(async (event) => {
      const subject = subjectOf(topicPrefix, event);
      const path = `subjects/${encodeURIComponent(subject)}/versions`;
      // A new event type has nothing to be compatible with.
      const versions = await lookUp(path, Versions, { refusals: [404] });
      return versions.ok ? subjectProblems(compare, path, event) : [];
    }),
  );
  return problems.flat();
}

async function subjectProblems(ask: AskRegistry, path: string, event: EventSchema) {
  const answer = await ask(`compatibility/${path}?verbose=true`, Verdict, {
    ...{ method: 'POST', body: { schema: JSON.stringify(event.schema) }, refusals: [404, 422] },
  });
  if (!answer.ok) {
    if (answer.status === 404) return [];
    return [`${event.type}: the registry calls it no valid schema`];
  }
  const verdict = answer.body;
  if (verdict.is_compatible) return [];
  const named = await namedProblems(ask, path, event);
  if (named.length > 0) return named;
  const reason = verdict.reason ?? verdict.messages?.join('; ') ?? 'no reason given';
  return [`${event.type}: the registry refuses it: ${reason}. ${compatibilityCure}`];
}

/** One line per field. The registry's own answer has only positions within the schema. */
async function namedProblems(ask: AskRegistry, path: string, { type, schema }: EventSchema) {
  const today = avroType(schema);
  const problems: string[] = [];
  // Versions may be deleted from the registry meanwhile.
  const versions = await ask(path, Versions, { refusals: [404] });
  for (const version of versions.ok ? versions.body : []) {
    const registered = await ask(`${path}/${version}`, Version, { refusals: [404] });
    if (!registered.ok) continue;
    const other = avroType(JSON.parse(registered.body.schema) as AvroRecord);
    const reasons = [...unreadable(today, other, type), ...unreadable(other, today, type)];
    for (const reason of reasons) {
      problems.push(`${reason} (version ${version} in the registry). ${compatibilityCure}`);
    }
  }
  return problems;
}
