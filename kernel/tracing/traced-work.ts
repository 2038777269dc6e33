import { attribute } from './attributes.ts';
import { type Attributes, nowExact, type SpanOptions, type Tracer } from './tracing.ts';

/** A message that is sent or worked. */
export type TracedMessage = {
  topic: string;
  lane: number;
  headers?: Readonly<Record<string, string | Buffer | undefined>>;
};

type Work = {
  /** What does the work, such as a view; it stands in the span's name. */
  name: string;
  operation: 'send' | 'process';
  /** Asked for when the work has ended: messages may join a transaction after its beginning. */
  messages: () => readonly TracedMessage[];
};

const kinds = { send: 'producer', process: 'consumer' } as const;

/** Work on messages, such as a transaction, as one span, however many they are. */
export function tracedWork<T>(
  tracer: Tracer | undefined,
  about: Work,
  work: () => Promise<T>,
): Promise<T> {
  if (!tracer) return work();
  const startedAt = nowExact();
  const told = (failure?: unknown) => {
    const messages = about.messages();
    if (messages.length === 0) return;
    const span = tracer.start({ ...spanOf(about, messages), startedAt });
    span.end(failure instanceof Error ? { failure: failure.name } : {});
  };
  return work().then(
    (done) => {
      told();
      return done;
    },
    (error: unknown) => {
      told(error);
      throw error;
    },
  );
}

/** The span of one message, to be begun before the work. */
export const spanOf = (
  { name, operation }: Pick<Work, 'name' | 'operation'>,
  messages: readonly TracedMessage[],
): SpanOptions => ({
  name: `${operation} ${name}`,
  kind: kinds[operation],
  of: messages.flatMap(({ headers }) => headers?.traceparent?.toString() ?? []),
  attributes: messaging(operation, messages),
});

function messaging(operation: 'send' | 'process', messages: readonly TracedMessage[]): Attributes {
  const topics = new Set(messages.map(({ topic }) => topic));
  const [topic] = topics;
  const lanes = new Set(messages.map(({ lane }) => lane));
  const [lane] = lanes;
  return {
    [attribute.system]: 'kafka',
    [attribute.operationName]: operation,
    [attribute.operationType]: operation,
    [attribute.batchSize]: messages.length,
    // A transaction may be of several lanes and topics; then none is the destination.
    ...(lanes.size === 1 && { [attribute.partition]: String(lane) }),
    ...(topics.size === 1 && topic && { [attribute.destination]: topic }),
  };
}
