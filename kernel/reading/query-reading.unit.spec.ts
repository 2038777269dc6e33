import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { Reading } from '../query.ts';
import { QueryReading } from './query-reading.ts';

setFlagsFromString('--allow-natives-syntax');
/** Whether V8 has one shape for both objects. */
const haveSameShape = runInThisContext('(one, other) => %HaveSameMap(one, other)') as (
  one: object,
  other: object,
) => boolean;

type Given = Omit<Reading, 'operations'>;
const given = (): Given => ({
  ...{ read: (() => undefined) as unknown as Given['read'] },
  ...{ copy: (() => undefined) as unknown as Given['copy'] },
  ...{ position: {} as Given['position'], caller: null },
});

it('what queries may use has one shape for all requests', () => {
  expect(haveSameShape(new QueryReading(given()), new QueryReading(given()))).toBe(true);
  const literals = [1, 2].map((number) => ({
    ...given(),
    get operations() {
      return number;
    },
  }));
  expect(haveSameShape(literals[0]!, literals[1]!)).toBe(false);
});

it('a query that needs operations is told that it was given none', () => {
  expect(() => new QueryReading(given()).operations).toThrow('was not given the `operations`');
});
