/**
 * The OpenAPI document of a service, from the definitions that the service itself runs on.
 *
 * @example
 * ```ts
 * import type { Command } from '@event-sourced/kernel/aggregate';
 * import { apiDocument } from '@event-sourced/kernel/openapi';
 *
 * export const documentOf = (commands: readonly Command[]) =>
 *   apiDocument({
 *     title: 'Bookshop: commands',
 *     description: 'Takes orders.',
 *     commands,
 *     roles: ['customer', 'clerk'],
 *   });
 * ```
 */
export { type ApiDefinition, type ApiDocument, apiDocument } from './document.ts';
export { answerHeaders, requestHeaders, requiredKey } from './headers.ts';
export { bearer, needs, type Operation } from './operation.ts';
export type { ProblemResponses } from './problem-responses.ts';
