import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedEvents, generatedFile } from './event-types.ts';
import { addGolden, goldenFolder } from './golden.ts';
import { examplesOf, type Schemas } from './load-schemas.ts';

/**
 * Writes `generated/events.ts`, the types of all events, and the golden bytes of each schema that
 * has none yet.
 * @returns the paths of the files that it wrote.
 * @throws Error for an event type without an example.
 */
export async function generate(schemas: Schemas): Promise<string[]> {
  const types = generatedFile(schemas);
  mkdirSync(dirname(types), { recursive: true });
  writeFileSync(types, generatedEvents(schemas));
  const examples = await examplesOf(schemas);
  const golden = goldenFolder(schemas);
  const added = addGolden(schemas.eventSchemas, golden, (type) => examples.get(type));
  return [types, ...added.map((type) => join(golden, `${type}.json`))];
}
