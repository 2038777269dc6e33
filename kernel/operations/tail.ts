import { once } from 'node:events';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Moment, momentOf } from '../event.ts';
import { input } from '../http/input.ts';
import type { Position, TopicLane } from '../log/log.ts';
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
const time = 'has to be a time, as 2026-11-24T18:30:00Z';
const Time = z.union([z.iso.date(time), Moment], time);

/** The filters of a tail, which are those of `replay events`. */
export const tailInput = (filters: Operations['filters']) =>
  z.object({
    ...{ topic: Names, type: Names, from: Time.optional(), until: Time.optional() },
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
    const client = new TailClient(res, { isPastWanted: from !== undefined });
    const isWanted = (entry: Entry) => topics.includes(entry.context) && isMeant(entry, limits);
    const listener = (entries: readonly Entry[]) => {
      for (const entry of entries) if (isWanted(entry)) client.send(entry);
    };
    res.once('close', () => follower.leave(listener));
    await follower.listen(listener);
    // Nothing ends any more what is begun for a client that has left.
    if (client.hasLeft) return follower.leave(listener);
    client.begin(follower.stopping.signal);
    if (from === undefined) return;
    const names = topics.map((topic) => topicName(operations.prefix, topic));
    const bounds = await boundsOf(operations.log, names);
    const all = await sendBefore(operations, bounds, isWanted, client);
    client.goOn(bounds.until, { all });
  };
}

type TailInput = {
  topic?: string[];
  type?: string[];
  from?: string;
  until?: string;
  stream?: string;
  user?: string;
  correlation?: string;
  [field: string]: unknown;
};

function wanted({ schemas, filters }: Operations, asked: TailInput) {
  const { topic, type, from, until, stream, user, correlation } = asked;
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
  const to = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until);
  if (since !== undefined && since >= to) {
    const errors = [{ path: 'until', message: 'has to be after `from`' }];
    throw new Problem('invalid-input', `until ${errors[0]?.message}.`, { errors });
  }
  const limits: EventLimits = {
    ...{ ...unlimited, types: type ?? null, stream, user, correlation, fields, to },
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

/** @returns whether those were all: the client may have left, or there are too many. */
async function sendBefore(
  operations: Operations,
  bounds: Parameters<typeof mergedByTime>[1],
  isWanted: (entry: Entry) => boolean,
  client: TailClient,
): Promise<boolean> {
  const { log, prefix } = operations;
  const codec = await operations.codec();
  const reader = log.reader();
  let sent = 0;
  try {
    for await (const records of mergedByTime(reader, bounds)) {
      if (client.hasLeft) return false;
      const entries = (await entriesOf(records, { codec, prefix })).filter(isWanted);
      for (const entry of entries) {
        if (client.hasLeft || sent === mostFromBefore) return false;
        await client.sendAll(entry);
        sent += 1;
      }
    }
    return true;
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
  readonly #left = new AbortController();
  /** Nothing that was appended since then is left out. */
  readonly #begunAt = Date.now();
  /** The past is being sent: what comes meanwhile waits, so that lanes stay in order. */
  #isPast: boolean;

  constructor(res: Response, { isPastWanted }: { isPastWanted: boolean }) {
    this.#res = res;
    this.#isPast = isPastWanted;
    res.once('close', () => this.#left.abort());
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
    if (this.#isPast) res.write(': begins\n\n');
    else this.#sayNow({ all: true });
    const heartbeat = setInterval(() => res.write(': goes on\n\n'), heartbeatMs);
    res.on('drain', () => this.#flush());
    this.#flush();
    const end = () => this.#end();
    if (stopping.aborted) end();
    stopping.addEventListener('abort', end, { once: true });
    res.once('close', () => {
      clearInterval(heartbeat);
      stopping.removeEventListener('abort', end);
    });
  }

  /** A node that stops ends its answers; the client may go on with another node. */
  #end(): void {
    if (!this.hasLeft) this.#res.end('event: end\ndata: {"reason":"the node stops"}\n\n');
  }

  /** What was there before these places has been sent, or as much of it as may be. */
  goOn(places: readonly Position[], said: { all: boolean }): void {
    if (this.hasLeft) return;
    this.#sayNow(said);
    const placeOf = ({ topic, lane }: TopicLane) => `${topic}/${lane}`;
    const next = new Map(places.map((place) => [placeOf(place), place.next]));
    this.#waiting = this.#waiting.filter(
      ({ record }) => record.offset >= (next.get(placeOf(record)) ?? 0),
    );
    this.#isPast = false;
    this.#flush();
  }

  /** Who loses the connection before the next event goes on from the time that is told. */
  #sayNow(said: { all: boolean }): void {
    const data = JSON.stringify({ ...said, at: momentOf(this.#begunAt) });
    this.#res.write(`event: now\ndata: ${data}\n\n`);
  }

  send(entry: Entry): void {
    if (this.hasLeft) return;
    if (!this.#isPast && !this.#isFull && this.#res.headersSent) this.#write(entry);
    else if (this.#waiting.length < mostWaiting) this.#waiting.push(entry);
    else this.#dropped += 1;
  }

  /** Waits for a slow client. */
  async sendAll(entry: Entry): Promise<void> {
    while (this.#isFull && !this.hasLeft) {
      await once(this.#res, 'drain', { signal: this.#left.signal }).catch(() => {});
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
    if (this.#isPast) return;
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
