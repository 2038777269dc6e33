import type { Request, Response } from 'express';
import { z } from 'zod';
import { Moment } from '../event.ts';
import { input } from '../http/input.ts';
import { topicName } from '../log/topic-names.ts';
import { Problem } from '../problems.ts';
import { type EventLimits, isMeant, unlimited } from './event-limits.ts';
import { boundsOf, type Entry, entriesOf, mergedByTime } from './log-entries.ts';
import type { Operations } from './operations.ts';
import { shownEvent } from './shown-event.ts';

/** More readers than this would cost the node what its users need. */
const mostTails = 100;
/** Events that wait for a slow client. */
const mostWaiting = 1_000;
const mostFromBefore = 10_000;
const heartbeatMs = 10_000;

const Names = z
  .union([z.string(), z.array(z.string())])
  .transform((names) => [names].flat())
  .optional();
const Time = z.union([z.iso.date(), Moment], 'has to be a time, as 2026-11-24T18:30:00Z');

/** The filters of a tail, which are those of `replay events`. */
export const tailInput = (filters: Operations['filters']) =>
  z.object({
    ...{ topic: Names, type: Names, from: Time.optional() },
    ...{ stream: z.string().optional(), user: z.string().optional() },
    correlation: z.string().optional(),
    ...Object.fromEntries(Object.keys(filters).map((name) => [name, z.string().optional()])),
  });

/** Answers requests for the log's tail: events as they come, as server-sent events. */
export function tailing(operations: Operations): (req: Request, res: Response) => Promise<void> {
  const read = input(tailInput(operations.filters));
  return async (req, res) => {
    const { topics, limits, from } = wanted(operations, read(req) as TailInput);
    const { follower } = operations;
    if (follower.listeners >= mostTails) {
      throw new Problem('overloaded', `This node shows the log to ${mostTails} others already.`);
    }
    const client = new TailClient(res);
    const isWanted = (entry: Entry) => topics.includes(entry.context) && isMeant(entry, limits);
    const passed = new Map<string, number>();
    const placeOf = ({ topic, lane }: { topic: string; lane: number }) => `${topic}/${lane}`;
    const listener = (entries: readonly Entry[]) => {
      for (const entry of entries) {
        const isNew = entry.record.offset >= (passed.get(placeOf(entry.record)) ?? 0);
        if (isNew && isWanted(entry)) client.send(entry);
      }
    };
    res.once('close', () => follower.leave(listener));
    await follower.listen(listener);
    client.begin(follower.stopping.signal);
    if (from === undefined) return;
    const names = topics.map((topic) => topicName(operations.prefix, topic));
    const bounds = await boundsOf(operations.log, names);
    for (const place of bounds.until) passed.set(placeOf(place), place.next);
    await sendBefore(operations, bounds, isWanted, client);
  };
}

type TailInput = {
  topic?: string[];
  type?: string[];
  from?: string;
  stream?: string;
  user?: string;
  correlation?: string;
  [field: string]: unknown;
};

function wanted({ schemas, filters }: Operations, asked: TailInput) {
  const { topic, type, from, stream, user, correlation } = asked;
  const contexts = [...new Set(schemas.map(({ context }) => context))];
  known('topic', topic, contexts);
  known(
    'type',
    type,
    schemas.map((event) => event.type),
  );
  const fields = Object.entries(filters).flatMap(([name, field]) =>
    asked[name] === undefined ? [] : [[field, asked[name]] as const],
  );
  const since = from === undefined ? undefined : Date.parse(from);
  const limits: EventLimits = {
    ...{ ...unlimited, types: type ?? null, stream, user, correlation, fields },
    ...(since !== undefined && { from: since }),
  };
  return { topics: topic ?? contexts, limits, from: since };
}

function known(path: string, names: readonly string[] = [], all: readonly string[]): void {
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length === 0) return;
  const message = `has to be one of ${all.join(', ')}`;
  throw new Problem('invalid-input', `${path} ${message}.`, { errors: [{ path, message }] });
}

async function sendBefore(
  operations: Operations,
  bounds: Parameters<typeof mergedByTime>[1],
  isWanted: (entry: Entry) => boolean,
  client: TailClient,
): Promise<void> {
  const { log, prefix } = operations;
  const codec = await operations.codec();
  const reader = log.reader();
  let sent = 0;
  try {
    for await (const records of mergedByTime(reader, bounds)) {
      const entries = (await entriesOf(records, { codec, prefix })).filter(isWanted);
      for (const entry of entries) {
        if (client.hasLeft || sent === mostFromBefore) return;
        await client.sendAll(entry);
        sent += 1;
      }
    }
  } finally {
    await reader.close();
  }
}

/** One client of the tail. What it doesn't take in time is left out, and it is told how much. */
class TailClient {
  readonly #res: Response;
  #waiting: Entry[] = [];
  #dropped = 0;
  #isFull = false;

  constructor(res: Response) {
    this.#res = res;
  }

  get hasLeft(): boolean {
    return this.#res.closed;
  }

  begin(stopping: AbortSignal): void {
    const res = this.#res;
    res.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    res.write(': begins\n\n');
    const heartbeat = setInterval(() => res.write(': goes on\n\n'), heartbeatMs);
    res.once('close', () => clearInterval(heartbeat));
    res.on('drain', () => this.#flush());
    this.#flush();
    if (stopping.aborted) this.#end();
    stopping.addEventListener('abort', () => this.#end(), { once: true });
  }

  /** A node that stops ends its answers; the client may go on with another node. */
  #end(): void {
    if (!this.hasLeft) this.#res.end('event: end\ndata: {"reason":"the node stops"}\n\n');
  }

  send(entry: Entry): void {
    if (this.hasLeft) return;
    if (!this.#isFull && this.#res.headersSent) this.#write(entry);
    else if (this.#waiting.length < mostWaiting) this.#waiting.push(entry);
    else this.#dropped += 1;
  }

  /** Waits for a slow client. */
  async sendAll(entry: Entry): Promise<void> {
    while (this.#isFull && !this.hasLeft) {
      await new Promise((resolve) => {
        this.#res.once('drain', resolve).once('close', resolve);
      });
    }
    if (!this.hasLeft) this.#write(entry);
  }

  #write(entry: Entry): void {
    const { topic, lane, offset, ...event } = shownEvent(entry);
    const data = JSON.stringify({ topic, lane, offset, ...event });
    this.#isFull = !this.#res.write(
      `event: event\nid: ${topic}/${lane}/${offset}\ndata: ${data}\n\n`,
    );
  }

  #flush(): void {
    this.#isFull = false;
    while (!this.#isFull) {
      const entry = this.#waiting.shift();
      if (!entry) break;
      this.#write(entry);
    }
    if (this.#isFull || this.#dropped === 0) return;
    this.#res.write(`event: dropped\ndata: {"dropped":${this.#dropped}}\n\n`);
    this.#dropped = 0;
  }
}
