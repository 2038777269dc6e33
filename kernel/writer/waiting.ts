import { Problem } from '../problems.ts';
import type { Outcome, Request, RequestItem } from './request.ts';

/** A request in the queue of its lane. */
export type Waiting = Request & {
  settle(result: Outcome | Error): void;
  /** `performance.now()` after which the request is refused if it is still undecided. */
  lateAt: number;
  attempts: number;
  /** The streams that the request needs. */
  streams: readonly string[];
  /** The needed streams that are not hot yet; the others are pinned. */
  cold: readonly string[];
  /** It is being decided, or committed. */
  isDeciding: boolean;
};

/** All streams that a request needs, each once. */
export function streamsOf({ stream, item, items }: Request): string[] {
  const streams = [stream];
  const add = ({ part, reads }: RequestItem) => {
    if (part !== null) streams.push(part);
    for (const read of reads) streams.push(read.stream);
  };
  add(item);
  if (items) for (const one of items) add(one);
  return streams.length === 1 ? streams : [...new Set(streams)];
}

/** How many commands a request counts for. */
export const weightOf = ({ items }: Request) => items?.length ?? 1;

export const unavailable = ({ attempts }: Waiting) => {
  if (attempts > 0) return inDoubt();
  const detail = 'The part that decides this is moving or away; try again in a moment.';
  return new Problem('lane-unavailable', detail);
};

/** A repeat with the key tells what came of it. */
export const inDoubt = () =>
  new Problem(
    'lane-unavailable',
    'Whether this was done is not known yet; repeat it with the same Idempotency-Key.',
  );
