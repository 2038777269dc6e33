/** The Kafka, schema registry and MongoDB that all test files of a run share. */
export type TestStack = { kafka: string; schemaRegistry: string; mongo: string };

declare module 'vitest' {
  export interface ProvidedContext {
    /** Use topics and databases of your own. A `globalSetup` has to provide it. */
    stack: TestStack;
  }
}
