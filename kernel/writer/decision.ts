import { isSameRequest } from '../personal/sealing.ts';
import { Problem } from '../problems.ts';
import type { Request } from './request.ts';
import { eventsOf, type KeyEntry } from './streams.ts';

/** The result of one request, if its batch commits. */
export type Decision =
  | (Answered & { kind: 'appends'; lastEvent: number })
  | (Answered & { kind: 'stands'; known: Known; replayed: boolean })
  | { kind: 'fails'; problem: Problem };

type Answered = { stream: string; version: number; types: readonly string[]; made: string | null };

/** The last event that an answer without new events rests on: at an offset, or in this batch. */
type Known = { offset: number } | { lastEvent: number };

/** The first answer again. @throws Problem if the key came with another body. */
export function repeat(request: Request, entry: KeyEntry, committedVersion: number): Decision {
  if (!isSameRequest(entry.requesthash, request.requesthash)) {
    const detail = 'This Idempotency-Key came with another body before; use a new key.';
    throw new Problem('key-reused', detail);
  }
  const { firstVersion, lastOffset, types, made } = entry;
  const inBatch = firstVersion > committedVersion;
  return {
    kind: 'stands',
    replayed: true,
    stream: request.stream,
    version: firstVersion + eventsOf(entry) - 1,
    types,
    made,
    known: inBatch ? { lastEvent: lastOffset } : { offset: lastOffset },
  };
}
