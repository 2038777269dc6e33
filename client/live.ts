import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ProblemError } from './problem-error.ts';
import { pause } from './transport.ts';

/** One message of a stream of server-sent events; `data` is parsed JSON. */
export type LiveMessage = { id: string | undefined; event: string; data: unknown };

export type LiveOptions = {
  /** A function is asked at each connection. */
  url: string | URL | (() => string);
  fetch: (request: Request) => Promise<Response>;
  signal: AbortSignal;
  /** Where to go on; unset, the stream begins with what happens now. */
  lastEventId?: string;
  /** Called when a connection is there, and when it was lost. */
  onState?: (state: 'open' | 'lost') => void;
};

const firstPauseMs = 500;
const longestPauseMs = 10_000;

/**
 * Reads server-sent events by fetch, since EventSource can't send a token. A lost connection is
 * opened again and goes on after the last message.
 * @throws ProblemError when the API refuses the stream.
 */
export async function* live(options: LiveOptions): AsyncGenerator<LiveMessage, void> {
  const { signal, onState } = options;
  let last = options.lastEventId;
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      for await (const message of messages(options, last)) {
        last = message.id ?? last;
        pauseMs = firstPauseMs;
        yield message;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ProblemError && error.status < 500 && error.status !== 429) throw error;
    }
    if (signal.aborted) return;
    onState?.('lost');
    await pause(pauseMs, signal).catch(() => {});
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

async function* messages(
  { url, fetch, signal, onState }: LiveOptions,
  lastEventId: string | undefined,
): AsyncGenerator<LiveMessage, void> {
  const headers = new Headers({ Accept: 'text/event-stream' });
  if (lastEventId) headers.set('Last-Event-ID', lastEventId);
  const address = typeof url === 'function' ? url() : url;
  const response = await fetch(new Request(address, { headers, signal, cache: 'no-store' }));
  if (!response.body) return;
  onState?.('open');
  const text: ReadableStream<string> = response.body.pipeThrough(new TextDecoderStream());
  const reader = text.pipeThrough(new EventSourceParserStream()).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield { id: value.id, event: value.event ?? 'message', data: parsed(value.data) };
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
