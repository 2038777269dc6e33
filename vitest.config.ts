import { defineConfig } from 'vitest/config';

// `unit` needs nothing; `real` shares one local stack (Kafka, registry, mongod); `faults` hurts
// stacks of its own, one after the other.
export default defineConfig({
  test: {
    maxWorkers: 2,
    exclude: ['**/node_modules/**', '.data/**', '.cache/**'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.unit.spec.ts'],
          exclude: ['**/node_modules/**', '.data/**', '.cache/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'real',
          include: ['**/*.{int,e2e}.spec.ts'],
          exclude: ['**/node_modules/**', '.data/**', '.cache/**'],
          globalSetup: ['tests/stack.ts'],
          // Two files are under way already; more at once would only be in each other's way.
          maxConcurrency: 3,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['tests/faults/*.faults.spec.ts'],
          exclude: ['**/node_modules/**', '.data/**', '.cache/**'],
          globalSetup: ['tests/clean-start.ts'],
          testTimeout: 300_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
