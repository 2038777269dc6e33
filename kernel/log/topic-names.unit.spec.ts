import { expect, it } from 'vitest';
import { claimsTopic, contextOf, laneWriterId, topicName } from './topic-names.ts';

it('names that are in logs already don’t change', () => {
  expect(topicName('', 'parcels')).toBe('parcels');
  expect(topicName('test.', 'parcels')).toBe('test.parcels');
  expect(laneWriterId('test.', 3)).toBe('test.writer-lane-3');
  expect(claimsTopic('test.')).toBe('test.writer-claims');
});

it('a topic’s name tells its context', () => {
  expect(contextOf('test.', topicName('test.', 'parcels'))).toBe('parcels');
});
