import { defineConfig } from 'vitest/config';

// `unit` tests need nothing; `real` tests share one local stack (Kafka, registry, mongod); `faults`
// tests break parts of stacks of their own; `cluster` tests do so on a cluster that needs the
// machine for itself; `images` tests run the services from images that they build.
export default defineConfig({
  test: {
    maxWorkers: 2,
    // Reports keep the message of an error alone, which has to tell what was wrong.
    chaiConfig: { truncateThreshold: 2_000 },
    exclude: ['**/node_modules/**', '.data/**', '.cache/**'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.unit.spec.ts'],
          exclude: ['**/node_modules/**', '.data/**', '.cache/**'],
          // Files that run in the same worker load shared modules once, which saves a third of the
          // time. So a unit test puts back what it changes: timers, environment variables.
          isolate: false,
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
          // Two files run already; more tests at once would only slow each other down.
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
      {
        test: {
          name: 'cluster',
          include: ['tests/cluster/*.faults.spec.ts'],
          exclude: ['**/node_modules/**', '.data/**', '.cache/**'],
          globalSetup: ['tests/clean-start.ts'],
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'images',
          include: ['tests/images/*.spec.ts'],
          exclude: ['**/node_modules/**', '.data/**', '.cache/**'],
          globalSetup: ['tests/stack.ts'],
          testTimeout: 90_000,
          // Without anything fetched or built before.
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
