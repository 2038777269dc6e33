/** A message of a stream of server-sent events. */
export type Message = { event: string; id?: string; data: Record<string, unknown> };

/** The messages that a response brings, as they come; `ended` once the server has ended it. */
export type EventStream = {
  messages: Message[];
  comments: string[];
  /** The id that a client would resume from. */
  lastId: string | undefined;
  ended: boolean;
  close(): void;
};

/** Reads a stream of server-sent events in the background. */
export async function openEventStream(
  url: string,
  headers: Record<string, string> = {},
): Promise<EventStream> {
  const closing = new AbortController();
  const response = await fetch(url, { headers, signal: closing.signal });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  const stream: EventStream = {
    ...{ messages: [], comments: [], lastId: undefined, ended: false },
    close: () => closing.abort(),
  };
  void read(response.body!, stream).catch(() => {
    stream.ended = true;
  });
  return stream;
}

async function read(body: ReadableStream<Uint8Array>, stream: EventStream): Promise<void> {
  let text = '';
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) take(block, stream);
  }
  stream.ended = true;
}

function take(block: string, stream: EventStream): void {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
    if (name === '') stream.comments.push(value);
    else fields.set(name, value);
  }
  const id = fields.get('id');
  if (id !== undefined) stream.lastId = id;
  const data = fields.get('data');
  if (data === undefined) return;
  const message: Message = { event: fields.get('event') ?? 'message', data: JSON.parse(data) };
  stream.messages.push(id === undefined ? message : { ...message, id });
}
