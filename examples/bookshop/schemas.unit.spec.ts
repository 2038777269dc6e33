import { localProblems } from '@event-sourced/kernel/schemas';
import { expect, it } from 'vitest';
import { schemas } from './setup.ts';

it('every event ever written can be read by this code, and the generated types are right', () => {
  expect(localProblems(schemas)).toEqual([]);
});
