/**
 * Building blocks for an application's own routes, besides those that commands and queries get.
 *
 * @example
 * ```ts
 * import { defineRoles } from '@event-sourced/kernel/auth';
 * import { authenticated, input } from '@event-sourced/kernel/http';
 * import express from 'express';
 * import { z } from 'zod';
 *
 * const { clerk } = defineRoles('clerk');
 *
 * export function stockRoute() {
 *   const read = input(z.object({ shelf: z.string() }));
 *   return express.Router().get('/v1/stock/:shelf', authenticated(clerk), (req, res) => {
 *     res.json(read(req));
 *   });
 * }
 * ```
 */
export { authenticated } from './authenticated.ts';
export { type BulkLimits, type BulkRequest, BulkRequests } from './bulk-requests.ts';
export { envelopeOf } from './command-routes.ts';
export type { Sender } from './forwarding.ts';
export { fieldErrors, input } from './input.ts';
export { requireType } from './json-body.ts';
export { urlAt } from './listen.ts';
export { type Line, type NdjsonLimits, ndjsonLines } from './ndjson-lines.ts';
export { senderOf } from './sender.ts';
export type { Envelope, Submitter } from './submitter.ts';
