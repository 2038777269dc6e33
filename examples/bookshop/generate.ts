import { asProgram, generate } from '@event-sourced/kernel/schemas';
import { schemas } from './setup.ts';

/** Writes the types of the events, and the bytes of their examples. */
process.exitCode = await asProgram(() => generate(schemas));
