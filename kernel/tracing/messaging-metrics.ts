import { Counter, Histogram, type Registry } from 'prom-client';

/** Metrics of messages by OpenTelemetry's conventions, named as Prometheus writes them. */

type Operation = 'send' | 'process';

export const messagingLabels = (operation: Operation) => ({
  messaging_system_name: 'kafka',
  messaging_operation_name: operation,
});

const durations = {
  send: {
    name: 'messaging_client_operation_duration_seconds',
    help: 'Duration of transactions that append events',
  },
  process: {
    name: 'messaging_process_duration_seconds',
    help: 'Duration of the work on events: of a batch of a view, of one event of a reactor',
  },
} as const;

/** How long each piece of work on messages took, whether it was done or failed. */
export class WorkDurations {
  readonly #histogram: Histogram;
  readonly #labels: ReturnType<typeof messagingLabels>;

  constructor(registry: Registry, operation: Operation) {
    const { name, help } = durations[operation];
    this.#labels = messagingLabels(operation);
    // A service that could not open all of its parts opens them again.
    registry.removeSingleMetric(name);
    this.#histogram = new Histogram({
      name,
      help,
      labelNames: [...Object.keys(this.#labels), 'error_type'],
      // Those that the conventions advise.
      buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
      registers: [registry],
    });
  }

  /** Does the work. A failure is noted with the error's name, and thrown. */
  async of<T>(work: () => Promise<T>): Promise<T> {
    const end = this.#histogram.startTimer(this.#labels);
    try {
      const done = await work();
      end();
      return done;
    } catch (error) {
      end({ error_type: (error as Error).name });
      throw error;
    }
  }
}

/** What measures its work has one, or none where nobody asks for metrics. */
export type Measured = { durations?: WorkDurations | undefined };

/** @param events how many all parts of this process have been handed. */
export function countConsumed(registry: Registry, events: () => number): void {
  const labels = messagingLabels('process');
  new Counter({
    name: 'messaging_client_consumed_messages_total',
    help: 'Events passed, by the names of OpenTelemetry’s conventions',
    labelNames: Object.keys(labels),
    registers: [registry],
    collect() {
      this.reset();
      this.inc(labels, events());
    },
  });
}
