/** An Avro schema as JSON, as far as the kernel looks into it. */
export type AvroRecord = {
  type: 'record';
  name: string;
  namespace: string;
  doc?: string;
  fields: AvroField[];
};
export type AvroField = { name: string; type: AvroType; doc?: string; default?: unknown };
export type AvroType =
  | string
  | AvroType[]
  | { type: 'array'; items: AvroType }
  | { type: 'enum'; name: string; symbols: string[] }
  | { type: 'long'; logicalType: 'timestamp-millis' }
  | AvroRecord;

/** One event type: its context (= topic), name, and schema with shared types put in. */
export type EventSchema = { context: string; type: string; schema: AvroRecord };
