import fc from 'fast-check';
import { expect, it } from 'vitest';
import { idempotencyKeys } from '../openapi/headers.ts';
import { madeUpId, makeUpKey } from './made-up-keys.ts';

it('gives each command without a key an id of its own, the same for its repeats', () => {
  const [one, other] = [makeUpKey(), makeUpKey()];
  expect(madeUpId(one)).toMatch(/^[0-9a-f-]{36}$/);
  expect(madeUpId(one)).toBe(madeUpId(one));
  expect(madeUpId(one)).not.toBe(madeUpId(other));
});

it('mistakes no key of a client for a made-up one', () => {
  expect(idempotencyKeys.test(makeUpKey())).toBe(false);
  fc.assert(
    fc.property(fc.stringMatching(idempotencyKeys), (key) => {
      expect(madeUpId(key)).toBeNull();
    }),
  );
  expect(madeUpId(`${makeUpKey()}\n`)).toBeNull();
  expect(madeUpId('\nchosen')).toBeNull();
});
