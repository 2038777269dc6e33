import type { Histogram, Metric, Registry } from 'prom-client';

/** Labels of OpenTelemetry's conventions, as Prometheus writes them. */
const labels = {
  method: 'http_request_method',
  route: 'http_route',
  status: 'http_response_status_code',
  scheme: 'url_scheme',
  le: 'le',
} as const;

/**
 * Shows durations under the names of OpenTelemetry's conventions too, for dashboards that are made
 * for these. Nothing is counted twice: the values are read when they are asked for.
 */
export function publishConventional(registry: Registry, durations: Histogram): void {
  const name = 'http_server_request_duration_seconds';
  const get = async () => {
    const { values, help, aggregator } = await durations.get();
    return {
      ...{ name, help, aggregator, type: 'histogram' },
      values: values.map((one) => ({
        ...one,
        metricName: one.metricName?.replace(/^http_request/, 'http_server_request'),
        labels: renamed(one.labels),
      })),
    };
  };
  // The registry asks for no more than this of a metric.
  registry.registerMetric({ name, get } as unknown as Metric);
}

const renamed = (given: Partial<Record<string, string | number>>) =>
  Object.fromEntries(
    Object.entries(labels).flatMap(([from, to]) => (from in given ? [[to, given[from]]] : [])),
  );
