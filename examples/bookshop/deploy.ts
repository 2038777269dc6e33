import { asProgram, deploy } from '@event-sourced/kernel/schemas';
import { schemas, settings } from './setup.ts';

/** Creates the topics and registers the schemas. */
process.exitCode = await asProgram(() => deploy(schemas, settings.ofProcess()));
