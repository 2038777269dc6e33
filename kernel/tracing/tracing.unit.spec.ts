import * as stable from '@opentelemetry/semantic-conventions';
import * as incubating from '@opentelemetry/semantic-conventions/incubating';
import { describe, expect, it } from 'vitest';
import { attribute } from './attributes.ts';
import { openTracer } from './open-tracer.ts';
import { tracedWork } from './traced-work.ts';
import type { SpanOptions, Tracer } from './tracing.ts';

function recording() {
  const spans: (SpanOptions & { failure?: string | undefined })[] = [];
  const tracer: Tracer = {
    start: (options) => ({
      traceparent: '',
      end: (result) => void spans.push({ ...options, failure: result?.failure }),
    }),
    close: async () => {},
  };
  return { spans, tracer };
}

const record = (traceparent: string, topic = 'shelves') => ({
  ...{ topic, lane: 3, headers: { traceparent } },
});
const about = { name: 'events', operation: 'send' } as const;

describe('traces', () => {
  it('use names of the current conventions', () => {
    const conventions: Record<string, unknown> = { ...stable, ...incubating };
    const known = new Set(Object.values(conventions));
    for (const name of Object.values(attribute)) expect(known, name).toContain(name);
  });

  it('are not made without an endpoint', async () => {
    const onWarning = expect.unreachable;
    const options = { service: 'a', instance: 'b', endpoint: undefined, ratio: 1, onWarning };
    expect(await openTracer(options)).toBeUndefined();
    expect(
      await tracedWork(undefined, { ...about, messages: expect.unreachable }, async () => 5),
    ).toBe(5);
  });

  it('have one span for a transaction, of all requests that joined it', async () => {
    const { spans, tracer } = recording();
    const messages = [record('one')];
    await tracedWork(tracer, { ...about, messages: () => messages }, async () => {
      messages.push(record('two', 'clocks'));
    });
    expect(spans).toMatchObject([
      { name: 'send events', kind: 'producer', of: ['one', 'two'], failure: undefined },
    ]);
    expect(spans[0]?.attributes).toEqual({
      ...{ 'messaging.system.name': 'kafka', 'messaging.batch.message_count': 2 },
      ...{ 'messaging.operation.name': 'send', 'messaging.operation.type': 'send' },
      'messaging.destination.partition.id': '3',
    });
  });

  it('tell that work failed, and pass the error on', async () => {
    const { spans, tracer } = recording();
    const work = () => Promise.reject(new TypeError('no'));
    const traced = tracedWork(tracer, { ...about, messages: () => [record('one')] }, work);
    await expect(traced).rejects.toThrow('no');
    expect(spans).toMatchObject([{ failure: 'TypeError' }]);
  });
});
