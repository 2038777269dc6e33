import type { TestProject } from 'vitest/node';
import type { TestStack } from '#kernel/testing/stack.ts';
import { Endpoints, readEndpoints } from '#local-stack/parts/endpoints.ts';
import { removeLeftovers, startOwnStack } from './own-stack.ts';

/** One local stack for all test files; TEST_STACK=…/endpoints.json names a running one instead. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.env.TEST_STACK) {
    const running: TestStack = Endpoints.parse(readEndpoints(process.env.TEST_STACK));
    project.provide('stack', running);
    return async () => {};
  }
  await removeLeftovers();
  const startedAt = Date.now();
  const stack = await startOwnStack();
  project.provide('stack', stack.endpoints);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`Test stack: Kafka, schema registry and mongod are up after ${seconds} s`);
  return stack.stop;
}
