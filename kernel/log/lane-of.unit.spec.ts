import { expect, test } from 'vitest';
import { laneOf } from './lane-of.ts';

test('a key has the lane that the Java client gives it', () => {
  // (murmur2(key) & 0x7fffffff) % lanes, with the hashes of org.apache.kafka.common.utils.Utils.
  expect(laneOf('21', 1_000)).toBe((-973_932_308 & 0x7fffffff) % 1_000);
  expect(laneOf('foobar', 1_000)).toBe((-790_332_482 & 0x7fffffff) % 1_000);
  expect(laneOf('a-little-bit-long-string', 6)).toBe((-985_981_536 & 0x7fffffff) % 6);
});
