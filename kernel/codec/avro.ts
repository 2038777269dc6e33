import avro, { type Type } from 'avsc';

/** Reads bytes that were written with one Avro schema as another schema's values. */
export type Resolver = ReturnType<Type['createResolver']>;

type Tap = { buf: Buffer; pos: number; readLong(): number };
type Items = { _read(tap: Tap): unknown; _skip(tap: Tap): void };
type SchemaJson = Parameters<typeof Type.forSchema>[0];

/**
 * An array whose claimed length is believed only as far as there are bytes for it. avsc would
 * otherwise fill the memory from a few broken bytes that claim a billion items.
 */
class BoundedArray extends avro.types.ArrayType {
  // avsc's resolvers call this with `this` being the resolver, which has `itemsType` too.
  _read(this: { itemsType: unknown }, tap: Tap): unknown[] {
    const items = this.itemsType as Items;
    const values: unknown[] = [];
    eachItem(tap, () => values.push(items._read(tap)));
    return values;
  }

  _skip(tap: Tap): void {
    const items = this.itemsType as unknown as Items;
    eachItem(tap, () => items._skip(tap));
  }
}

function eachItem(tap: Tap, item: () => void): void {
  for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
    // A negative count is followed by the block's size in bytes.
    if (count < 0) tap.readLong();
    const length = Math.abs(count);
    if (length > tap.buf.length - tap.pos) throw new RangeError('array longer than its bytes');
    for (let i = 0; i < length; i++) item();
  }
}

/** The options with which every schema is parsed: today's, and those of older events. */
export const avroOptions = {
  omitRecordMethods: true,
  typeHook: (schema: unknown, options: object): Type | undefined =>
    isArraySchema(schema) ? new BoundedArray(schema, options) : undefined,
};

const isArraySchema = (schema: unknown): schema is Extract<SchemaJson, { type: 'array' }> =>
  typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'array';

/** The avsc type of a schema. It reads plain objects, fit for MongoDB and comparisons. */
export function avroType(schema: object): Type {
  // A copy: avsc keeps the names it has seen in the options.
  const type = avro.Type.forSchema(schema as SchemaJson, { ...avroOptions });
  plainRecords(type, new Set());
  return type;
}

/** avsc makes a class for each record. With Object's prototype, its values are plain objects. */
function plainRecords(type: Type, seen: Set<Type>): void {
  if (seen.has(type)) return;
  seen.add(type);
  if (isRecord(type)) {
    type.recordConstructor.prototype = Object.prototype;
    for (const field of type.fields) plainRecords(field.type, seen);
  }
  if (type instanceof avro.types.ArrayType) plainRecords(type.itemsType, seen);
  if ('types' in type) for (const branch of type.types as Type[]) plainRecords(branch, seen);
}

export const isRecord = (type: Type): type is InstanceType<typeof avro.types.RecordType> =>
  type instanceof avro.types.RecordType;
