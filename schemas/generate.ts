import { relative } from 'node:path';
import { generate } from '@event-sourced/kernel/schemas';
import { schemas } from './load.ts';

/** The part of `npm run generate` that the `.avsc` files are for: types, and golden bytes. */

for (const path of await generate(schemas)) console.log(relative(process.cwd(), path));
