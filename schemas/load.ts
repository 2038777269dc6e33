import { loadSchemas } from '@event-sourced/kernel/schemas';

/** Every event type of the system, and the contexts that they belong to. */
export const schemas = loadSchemas(import.meta.dirname, 'moviebackend');

export const { contexts, eventSchemas } = schemas;
