import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Offset } from './log/log.ts';
import { Problem } from './problems.ts';

/**
 * How far a client has seen the log: the offset of the last event seen, by `<topic>:<lane>`.
 * Opaque to clients. `log` is the log's id: after a reset, tokens of the old log are refused.
 */
export type ConsistencyToken = { log: string; seen: Record<`${string}:${number}`, Offset> };

const Text = z.tuple([
  z.string().min(1),
  z.record(z.string().regex(/^[^:]+:(0|[1-9]\d{0,4})$/), z.int().nonnegative()),
]);

const texts = new WeakMap<ConsistencyToken, string>();

/** The text of the `Consistency-Token` header: the same for all tokens that have seen the same. */
export function formatToken(token: ConsistencyToken): string {
  // Many answers share a token: its text is made once.
  const known = texts.get(token);
  if (known !== undefined) return known;
  const text = textOf(token);
  texts.set(token, text);
  return text;
}

function textOf(token: ConsistencyToken): string {
  // Lanes answer in any order, and a repeated request must get the very same answer.
  const seen = Object.fromEntries(Object.entries(token.seen).sort());
  return Buffer.from(JSON.stringify([token.log, seen])).toString('base64url');
}

/**
 * Reads one token, or several joined with commas, into the merged one.
 * @param log the id of the log that this service reads.
 * @throws Problem `invalid-token` for anything that is not a token of this log.
 */
export function parseTokens(text: string, log: string): ConsistencyToken {
  const tokens = text.split(',').map((part) => parseOne(part.trim()));
  if (tokens.some((token) => token.log !== log)) {
    throw new Problem('invalid-token', 'The token is of another log; read without it once.');
  }
  const [only] = tokens;
  return only && tokens.length === 1 ? only : mergeTokens(log, ...tokens);
}

/** Clients send a token with every read after a write. As many are remembered as fit. */
const parsed = new LRUCache<string, ConsistencyToken>({
  maxSize: 1_000_000,
  maxEntrySize: 10_000,
  sizeCalculation: (_, text) => text.length,
});

function parseOne(text: string): ConsistencyToken {
  const known = parsed.get(text);
  if (known) return known;
  try {
    const [log, seen] = Text.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    const token = { log, seen: seen as ConsistencyToken['seen'] };
    parsed.set(text, token);
    return token;
  } catch (cause) {
    const detail = 'Send Consistency-Token exactly as an answer gave it.';
    throw new Problem('invalid-token', detail, { cause });
  }
}

/** Whether a token has seen everything that another one has. */
export const hasSeen = (one: ConsistencyToken, other: ConsistencyToken): boolean =>
  Object.entries(other.seen).every(
    ([at, offset]) => (one.seen[at as `${string}:${number}`] ?? -1) >= offset,
  );

/** One token that has seen everything that these tokens have seen. */
export function mergeTokens(log: string, ...tokens: ConsistencyToken[]): ConsistencyToken {
  const seen: ConsistencyToken['seen'] = {};
  for (const token of tokens) {
    for (const [at, offset] of Object.entries(token.seen) as [`${string}:${number}`, Offset][]) {
      seen[at] = Math.max(offset, seen[at] ?? -1);
    }
  }
  return { log, seen };
}
