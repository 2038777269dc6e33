import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brokenPromises } from './check.ts';
import { generatedEvents, generatedFile } from './event-types.ts';
import { addGolden, goldenFolder } from './golden.ts';
import { examplesOf, type Schemas } from './load-schemas.ts';

/**
 * Writes `generated/events.ts`, the types of all events, and the golden bytes of each schema that
 * has none yet.
 * @returns the paths of the files that it wrote.
 * @throws Error, and writes nothing, if a schema can't be read, has no example that fits it, or is
 *   incompatible with events that were written.
 */
export async function generate(schemas: Schemas): Promise<string[]> {
  const golden = goldenFolder(schemas);
  const broken = brokenPromises(schemas.eventSchemas, golden);
  if (broken.length > 0) throw new Error(broken.join('\n'));
  const examples = await examplesOf(schemas);
  const added = addGolden(schemas.eventSchemas, golden, (type) => examples.get(type));
  const types = generatedFile(schemas);
  mkdirSync(dirname(types), { recursive: true });
  writeFileSync(types, generatedEvents(schemas));
  return [types, ...added.map((type) => join(golden, `${type}.json`))];
}
