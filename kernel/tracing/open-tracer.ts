import type { Tracer, TracingOptions } from './tracing.ts';

/** Without an endpoint there is no tracer, and nothing of OpenTelemetry is loaded. */
export async function openTracer(options: TracingOptions): Promise<Tracer | undefined> {
  const { endpoint } = options;
  if (endpoint === undefined) return undefined;
  const { exportingTracer } = await import('./exporting-tracer.ts');
  return exportingTracer({ ...options, endpoint });
}
