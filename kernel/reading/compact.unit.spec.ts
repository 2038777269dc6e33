import { setFlagsFromString } from 'node:v8';
import { Binary, BSON } from 'mongodb';
import { expect, it } from 'vitest';
import { compact } from './compact.ts';

/** Made of a map: V8 would learn the shape of an object, and decode the next one as it is. */
const large = (name: string) =>
  new Map<string, unknown>(Array.from({ length: 40 }, (_, at) => [`${name}${at}`, at]));
const bytes = BSON.serialize(
  large('outer').set('inner', large('inner').set('list', [{ deep: [1, 2] }, null])),
);

it('neither a large document nor one inside of it stays a hash table', () => {
  setFlagsFromString('--allow-natives-syntax');
  const isFast = new Function('object', 'return %HasFastProperties(object)');
  setFlagsFromString('--no-allow-natives-syntax');
  const read = BSON.deserialize(bytes);
  const made = compact(read);
  expect([read, read.inner].map((one) => isFast(one))).toEqual([false, false]);
  expect([made, made.inner].map((one) => isFast(one))).toEqual([true, true]);
  expect(made).toEqual(read);
});

it('values of the database’s own types, and dates, stay as they are', () => {
  const own = { key: new Binary(Buffer.from('key')), at: new Date(1_000) };
  const made = compact({ inner: own });
  expect(made.inner.key).toBe(own.key);
  expect(made.inner.at).toBe(own.at);
});
