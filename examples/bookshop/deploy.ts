import { deploy } from '@event-sourced/kernel/schemas';
import { schemas, settings } from './setup.ts';

/** Creates the topics and registers the schemas. */
for (const line of await deploy(schemas, settings.ofProcess())) console.log(line);
