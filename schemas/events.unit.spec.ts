import type { Event } from '@event-sourced/kernel/event';
import { type EventSchema, examplesOf } from '@event-sourced/kernel/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { avroType } from '#kernel/codec/avro.ts';
import { EventType, WrittenForm } from '#kernel/codec/event-bytes.ts';
import { arbitraryEvent } from '#kernel/testing/arbitrary-events.ts';
import { eventSchemas, schemas } from './load.ts';

const examples = await examplesOf(schemas);

/** The event, after it was written and read with the same schema. */
function readBack(schema: EventSchema, event: Event): Event {
  const type = new EventType(schema, 'topic');
  const bytes = type.encode('topic', 1, event);
  const form = new WrittenForm(type, avroType(schema.schema));
  return { type: type.name, data: form.data(bytes), meta: form.meta(bytes) };
}

describe('reading back', () => {
  it.each([...examples.values()])('$type is as it was written', (example) => {
    const schema = eventSchemas.find(({ type }) => type === example.type) as EventSchema;
    expect(readBack(schema, example)).toStrictEqual(example);
  });

  it.each(eventSchemas)('any $type is as it was written', (schema) => {
    fc.assert(
      fc.property(arbitraryEvent(schema), (event) => {
        expect(readBack(schema, event)).toStrictEqual(event);
      }),
      { numRuns: 200 },
    );
  });
});
