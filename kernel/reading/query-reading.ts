import type { Operations } from '../operations/operations.ts';
import type { Reading } from '../query.ts';

/**
 * What one request's query may use. Of a literal with a getter, V8 would make a shape of its own
 * for each request. Shapes stay until the whole heap is collected, and with them what they refer
 * to: here by the getter's closure all that the request has made, and its answer.
 */
export class QueryReading implements Reading {
  readonly read: Reading['read'];
  readonly copy: Reading['copy'];
  readonly position: Reading['position'];
  readonly caller: Reading['caller'];
  readonly #operations: Operations | undefined;

  constructor(
    { read, copy, position, caller }: Omit<Reading, 'operations'>,
    operations?: Operations,
  ) {
    this.read = read;
    this.copy = copy;
    this.position = position;
    this.caller = caller;
    this.#operations = operations;
  }

  get operations(): Operations {
    if (this.#operations) return this.#operations;
    throw new Error('This query was not given the `operations` that queries for operators need.');
  }
}
