import express, { type Router } from 'express';
import { z } from 'zod';
import { operator } from '../auth/roles.ts';
import { authenticated } from '../http/authenticated.ts';
import { input } from '../http/input.ts';
import { jsonBody } from '../http/json-body.ts';
import type { Operations } from './operations.ts';
import { AvroName, checkSchema } from './schemas.ts';
import { tailing } from './tail.ts';

export const SchemaCheckInput = z.strictObject({
  type: AvroName,
  schema: z.string().max(200_000).meta({ description: 'An Avro schema, as JSON text.' }),
});

/** The operators' routes that are no queries. */
export function operationsRoutes(operations: Operations): Router {
  const router = express.Router();
  const checkInput = input(SchemaCheckInput);
  const body = jsonBody({ limit: 256 * 1024 });
  router.post('/v1/ops/schemas/:type/check', authenticated(operator), body, async (req, res) => {
    const { type, schema } = checkInput(req);
    res.json(await checkSchema(operations, type, schema));
  });
  router.get('/v1/ops/tail', authenticated(operator), tailing(operations));
  return router;
}
