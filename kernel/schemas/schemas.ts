/**
 * Event schemas: loading them, generating types and golden bytes from them, checking that every
 * event ever written stays readable, and deploying them.
 *
 * @example
 * ```ts
 * import { loadSchemas, localProblems } from '@event-sourced/kernel/schemas';
 *
 * export const schemas = loadSchemas(import.meta.dirname, 'bookshop');
 *
 * for (const problem of localProblems(schemas)) console.error(problem);
 * ```
 */
export { RegistryAwayError } from '../codec/registry-requests.ts';
export { driftProblems, goldenProblems, localProblems } from './check.ts';
export { deploySchemas, deployTopics, isEmpty } from './deploy.ts';
export { asProgram, deploy, hasNoEvents } from './deployment.ts';
export type { AvroField, EventSchema } from './event-schema.ts';
export { generate } from './generate.ts';
export { type ExamplesOf, examplesOf, loadSchemas, type Schemas } from './load-schemas.ts';
export { registryProblems } from './registry-check.ts';
