import { createRequire } from 'node:module';

type Queue = {
  pending: unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
};

/**
 * kafkajs 2.2.4 runs a 1 ms timer for ever on each connection once it was used: 4.5 % of a core
 * for an idle connection. The timer's only task is to send requests that were held back; with this
 * it runs only while there are any.
 */
export const stopTimersOfIdleConnections = (): void => {
  const queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
    prototype: Queue;
  };
  const schedule = queue.prototype.scheduleCheckPendingRequests;
  queue.prototype.scheduleCheckPendingRequests = function (this: Queue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
};
