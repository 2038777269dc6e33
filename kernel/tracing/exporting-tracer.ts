import {
  type Context,
  DiagLogLevel,
  diag,
  isSpanContextValid,
  type Span as OpenSpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Span, Tracer, TracingOptions } from './tracing.ts';

const kinds = {
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};
/** As many links as the SDK keeps. */
const mostLinks = 128;
/** A process that ends doesn't wait longer for a collector that is away. */
const lastMs = 2_000;

/** Sends spans to a collector, in the background, by OTLP over HTTP. */
export function exportingTracer(options: TracingOptions & { endpoint: string }): Tracer {
  const { service, instance, endpoint, ratio, onWarning } = options;
  tellTroubles(onWarning);
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const own = { 'service.name': service, 'service.instance.id': instance };
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes(own)),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
  });
  const tracer = provider.getTracer('@event-sourced/kernel');
  return {
    start({ name, kind, of, startedAt, attributes = {} }) {
      const led = contextsOf(of);
      const [only] = led;
      const parent = led.length === 1 && only ? childOf(only) : ROOT_CONTEXT;
      const links = led.length > 1 ? led.map((context) => ({ context })) : [];
      const begun = { kind: kinds[kind], attributes, links };
      return spanOf(
        tracer.startSpan(name, startedAt ? { ...begun, startTime: startedAt } : begun, parent),
      );
    },
    async close() {
      const late = new Promise((resolve) => setTimeout(resolve, lastMs).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}

const childOf = (context: SpanContext): Context => trace.setSpanContext(ROOT_CONTEXT, context);

/** Different ones, as far as they can be read. */
function contextsOf(traceparents: readonly string[]): SpanContext[] {
  const contexts: SpanContext[] = [];
  for (const traceparent of new Set(traceparents)) {
    const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
    const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
    if (isSpanContextValid(context)) contexts.push(context);
    if (contexts.length === mostLinks) break;
  }
  return contexts;
}

function spanOf(span: OpenSpan): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    end({ name, attributes, failure } = {}) {
      if (name !== undefined) span.updateName(name);
      if (attributes) span.setAttributes(attributes);
      if (failure !== undefined) {
        span.setAttribute('error.type', failure);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}

/** A collector that is away is told of once a minute, not once a batch. */
function tellTroubles(onWarning: (message: string) => void): void {
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = (message: string) => {
    if (performance.now() - toldAt < 60_000) return;
    toldAt = performance.now();
    onWarning(`Traces are not sent: ${message}`);
  };
  const nothing = () => {};
  diag.setLogger(
    { error: tell, warn: tell, info: nothing, debug: nothing, verbose: nothing },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
