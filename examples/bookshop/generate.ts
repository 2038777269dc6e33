import { generate } from '@event-sourced/kernel/schemas';
import { schemas } from './setup.ts';

/** Writes the types of the events, and the bytes of their examples. */
for (const path of await generate(schemas)) console.log(path);
