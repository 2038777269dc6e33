import { loadSchemas } from '#kernel/schemas/load-schemas.ts';

/** Every event type of the system, and the contexts that they belong to. */
export const schemas = loadSchemas(import.meta.dirname, 'moviebackend');

export const { contexts, eventSchemas } = schemas;
