import { defineConfig } from 'vitest/config';

// Two projects: `unit` needs nothing; `real` shares one local stack (Kafka, registry, mongod).
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
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
