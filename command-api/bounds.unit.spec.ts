import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { avroType } from '#kernel/codec/avro.ts';
import { eventSchemas } from '#schemas/load.ts';
import { commands } from './commands.ts';

/** A number that a command takes can be written in each event that has a field of its name. */

type Schema = { type?: string; minimum?: number; maximum?: number; anyOf?: Schema[] };
type Bounds = { name: string; bounds: number[] };

/** The number fields of a command's input, with the least and the greatest number of each. */
function numbersOf(input: z.ZodType): Bounds[] {
  const { properties = {} } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).flatMap(([name, property]) =>
    [property as Schema, ...((property as Schema).anyOf ?? [])]
      .filter(({ type }) => type === 'integer' || type === 'number')
      .map(({ minimum = -Number.MAX_VALUE, maximum = Number.MAX_VALUE }) => ({
        name,
        bounds: [minimum, maximum],
      })),
  );
}

const fields = commands.flatMap(({ name: command, aggregate, input }) =>
  numbersOf(input).flatMap((bounds) =>
    eventSchemas
      .filter(({ schema }) => schema.namespace.endsWith(`.${aggregate.topic}`))
      .flatMap(({ type, schema }) =>
        schema.fields
          .filter(({ name }) => name === bounds.name)
          .map((field) => ({ command, event: type, ...bounds, type: field.type })),
      ),
  ),
);

describe('the bounds of a number are those of its event:', () => {
  it('there are such numbers', () => expect(fields.length).toBeGreaterThan(10));

  it.each(fields)('$name of $command in $event', ({ bounds, type }) => {
    const written = avroType(type as object);
    const unions = (bound: number) =>
      Array.isArray(type)
        ? type.some((branch) => avroType(branch as object).isValid(bound))
        : false;
    for (const bound of bounds) expect(written.isValid(bound) || unions(bound)).toBe(true);
  });
});
