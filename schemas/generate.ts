import { writeFileSync } from 'node:fs';
import { generatedEvents, generatedFile } from '#kernel/schemas/event-types.ts';
import { addGolden, goldenFolder } from '#kernel/schemas/golden.ts';
import { examplesOf } from '#kernel/schemas/load-schemas.ts';
import { schemas } from './load.ts';

/** The part of `npm run generate` that the `.avsc` files are for: types, and golden bytes. */

writeFileSync(generatedFile(schemas), generatedEvents(schemas));
console.log('schemas/generated/events.ts');
const examples = await examplesOf(schemas);
const exampleOf = (type: string) => examples.get(type);
for (const type of addGolden(schemas.eventSchemas, goldenFolder(schemas), exampleOf)) {
  console.log(`schemas/golden/${type}.json`);
}
