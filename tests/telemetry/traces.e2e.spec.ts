import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { openTracer } from '#kernel/tracing/open-tracer.ts';
import { ask } from '../answers.ts';
import { type ServiceName, type System, startSystem } from '../system.ts';
import { type Collector, startCollector, type TracedSpan } from './collector.ts';

let system: System;
let collector: Collector;
beforeAll(async () => {
  [system, collector] = await Promise.all([startSystem('traces'), startCollector()]);
}, 300_000);
afterAll(() => Promise.all([system?.stop(), collector?.stop()]));

const traceId = randomUUID().replaceAll('-', '');
const traceparent = `00-${traceId}-${'5'.repeat(16)}-01`;

/** Opens a ticket, waits for its service order, reads it, and ends all services. */
async function support(OTEL_EXPORTER_OTLP_ENDPOINT: string) {
  const traced = { OTEL_EXPORTER_OTLP_ENDPOINT };
  const commandApi = await system.start('command-api', traced);
  const COMMAND_API_URL = commandApi.url;
  const [queryApi, ...others] = await Promise.all([
    system.start('query-api', traced),
    system.start('projectors', traced),
    system.start('reactors', { ...traced, COMMAND_API_URL }),
  ]);
  const headers = await system.as('alice', 'viewer');
  const opened = await ask<{ ticketId: string }>(commandApi.url, 'POST /v1/tickets', {
    headers: { ...headers, traceparent, 'idempotency-key': randomUUID() },
    body: { subject: 'No sound', message: 'A secret of Alice.' },
  });
  const path = `GET /v1/tickets/${opened.body.ticketId}`;
  await until(async () => {
    const { body } = await ask<{ serviceOrder: unknown }>(queryApi.url, path, { headers });
    return body.serviceOrder !== null && body.serviceOrder !== undefined;
  });
  // What is left is sent when a process ends.
  await Promise.all([commandApi, queryApi, ...others].map((service) => service.end()));
}

const kinds = { server: 2, producer: 4, consumer: 5 };
const about = ({ service, name, kind }: TracedSpan) => ({ service, name, kind });

describe('a ticket’s trace, in a collector', () => {
  let spans: TracedSpan[];
  beforeAll(async () => {
    await support(collector.endpoint);
    spans = collector.spans.filter((span) => span.traceId === traceId);
  }, 120_000);
  const one = (service: string, name: string, parent?: TracedSpan) =>
    spans.find(
      (span) =>
        span.service === service &&
        span.name.startsWith(name) &&
        (!parent || span.parentSpanId === parent.spanId),
    ) as TracedSpan;

  it('goes from the request over transaction, projection and reaction to the next ones', () => {
    const request = one('command-api', 'POST /v1/tickets');
    expect(request.parentSpanId).toBe('5'.repeat(16));
    expect(one('command-api', 'send events', request).kind).toBe(kinds.producer);
    expect(one('projectors', 'process tickets@', request).kind).toBe(kinds.consumer);
    const reaction = one('reactors', 'process technical-support', request);
    expect(reaction.kind).toBe(kinds.consumer);
    const order = one('command-api', 'POST /v1/tickets/:ticketId/service-order', reaction);
    expect(about(order)).toMatchObject({ service: 'command-api', kind: kinds.server });
    expect(one('command-api', 'send events', order)).toBeDefined();
    expect(one('projectors', 'process tickets@', order)).toBeDefined();
  });

  it('says what the conventions ask for, and nothing that a person wrote', () => {
    const request = one('command-api', 'POST /v1/tickets');
    expect(request.attributes).toMatchObject({
      ...{ 'http.request.method': 'POST', 'http.route': '/v1/tickets' },
      ...{ 'http.response.status_code': 201, 'url.path': '/v1/tickets', 'url.scheme': 'http' },
    });
    // Before the ticket's event, that of the key for its text.
    const sent = spans.filter(
      ({ name, parentSpanId }) => name === 'send events' && parentSpanId === request.spanId,
    );
    const to = (context: string) => ({
      ...{ 'messaging.system.name': 'kafka', 'messaging.operation.type': 'send' },
      'messaging.destination.name': `${system.settings.TOPIC_PREFIX}${context}`,
      'messaging.destination.partition.id': expect.stringMatching(/^\d$/),
      'messaging.batch.message_count': 1,
    });
    expect(sent.map(({ attributes }) => attributes)).toMatchObject([to('people'), to('support')]);
    expect(spans.some(({ failed }) => failed)).toBe(false);
    expect(JSON.stringify(collector.spans)).not.toMatch(/secret|No sound|alice/i);
  });

  it('leaves out requests of those who watch the processes', () => {
    expect(collector.spans.filter(({ name }) => /readyz|metrics/.test(name))).toEqual([]);
  });
});

it('one span of several requests is linked to each of them', async () => {
  const requests = ['1', '2'].map((digit) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`);
  const { endpoint } = collector;
  const onWarning = (message: string) => expect.unreachable(message);
  const tracer = await openTracer({
    ...{ service: 'test', instance: 'one', endpoint, ratio: 1, onWarning },
  });
  const of = [...requests, ...requests, 'no traceparent'];
  tracer?.start({ name: 'send events', kind: 'producer', of }).end();
  await tracer?.close();
  const span = collector.spans.find(({ service }) => service === 'test');
  expect(span?.parentSpanId).toBe('');
  expect(span?.links.map((link) => link.traceId)).toEqual(['1'.repeat(32), '2'.repeat(32)]);
});

describe('without an endpoint', () => {
  const refusing = pathToFileURL(join(import.meta.dirname, 'refuse-opentelemetry.mjs'));
  const NODE_OPTIONS = `--import=${refusing}`;
  const names: ServiceName[] = ['command-api', 'query-api', 'projectors', 'reactors'];

  it('no service loads OpenTelemetry', async () => {
    const more = { NODE_OPTIONS, COMMAND_API_URL: 'http://127.0.0.1:9' };
    const started = await Promise.all(names.map((name) => system.start(name, more)));
    const codes = await Promise.all(started.map((service) => service.end()));
    expect(codes).toEqual([0, 0, 0, 0]);
  });

  it('is told apart from a process that has one', async () => {
    const more = { NODE_OPTIONS, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
    await expect(system.spawn('query-api', more)).rejects.toThrow('ended before it listened');
  });
});
