import { schemaIdOf, subjectOf } from '#kernel/codec/codec.ts';
import type { SchemaRegistry } from '#kernel/codec/schema-registry.ts';

/**
 * Gives events the schema ids of the target's registry: each schema in use is registered there
 * unchanged, under the subject of the target topic.
 */
export class CopiedSchemas {
  /** Subjects of the schemas that were, or would be, registered. */
  readonly added = new Set<string>();
  readonly #options: CopiedSchemasOptions;
  readonly #ids = new Map<string, Promise<number | null>>();

  constructor(options: CopiedSchemasOptions) {
    this.#options = options;
  }

  /** @returns the id at the target; null if the source's registry doesn't know the schema. */
  idOf(context: string, value: Buffer | null): Promise<number | null> {
    const id = schemaIdOf(value);
    if (id === null) return Promise.resolve(null);
    const key = `${context}/${id}`;
    const going = this.#ids.get(key) ?? this.#copy(context, id);
    this.#ids.set(key, going);
    return going;
  }

  async #copy(context: string, id: number): Promise<number | null> {
    const { from, to, prefix, dryRun } = this.#options;
    const schema = await from.schemaOf(id);
    if (!schema) return null;
    const subject = subjectOf(prefix, { context, schema });
    const known = await to.idOf(subject, schema);
    if (known !== null) return known;
    this.added.add(subject);
    return dryRun ? id : to.register(subject, schema);
  }
}

export type CopiedSchemasOptions = {
  from: SchemaRegistry;
  to: SchemaRegistry;
  /** The prefix of the target topics. */
  prefix: string;
  /** Registers nothing; where the id would be new, the source's id stands in for it. */
  dryRun: boolean;
};

/** The same bytes under another schema id. */
export function withSchemaId(value: Buffer, id: number): Buffer {
  const rewritten = Buffer.from(value);
  rewritten.writeUInt32BE(id, 1);
  return rewritten;
}
