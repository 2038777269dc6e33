import { z } from 'zod';
import type { EventSchema } from '../schemas/event-schema.ts';

/** @throws Error if two definitions have the same name: one could be taken for the other. */
export function checkUnique(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new Error(`There are two ${what} ${twice}; give each a name of its own.`);
}

/**
 * @param of the definition, for the message.
 * @throws Error if the schemas have no events of a topic: nobody would ever create it.
 */
export function checkTopics(
  of: string,
  topics: readonly string[],
  schemas: readonly EventSchema[],
): void {
  const known = [...new Set(schemas.map(({ context }) => context))].sort();
  const unknown = topics.find((topic) => !known.includes(topic));
  if (unknown === undefined) return;
  const choice = known.length === 0 ? 'there are no event schemas' : `known: ${known.join(', ')}`;
  throw new Error(`${of} has the topic ${unknown}, of which no event schema is loaded; ${choice}.`);
}

/** @throws Error if a path parameter of a route isn't a field of the input. */
export function checkRoute(of: string, route: string, input: z.ZodType): void {
  if (!(input instanceof z.ZodObject)) return;
  const parameters = [...route.matchAll(/(?<!\\):(\w+)/g)].map(([, name]) => name as string);
  const unknown = parameters.find((name) => !(name in input.shape));
  if (unknown === undefined) return;
  const fields = Object.keys(input.shape).join(', ') || 'none';
  throw new Error(`${of}: the route has :${unknown}, but the input has no such field: ${fields}.`);
}
