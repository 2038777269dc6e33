import { createHash } from 'node:crypto';
import type { LogRecord, Offset } from '../log/log.ts';

/** The last record before a checkpoint: shows whether the log is still the same one. */
export type LastRecord = { offset: Offset; digest: string };

/** A record's fingerprint: the same whether or not today's code can decode the record. */
export function digestOf({ key, value, timestamp }: LogRecord): string {
  const hash = createHash('sha256');
  hash.update(`${timestamp} ${key?.length ?? -1} `);
  if (key) hash.update(key);
  if (value) hash.update(value);
  return hash.digest('base64url').slice(0, 22);
}

export const lastOf = (record: LogRecord): LastRecord => ({
  offset: record.offset,
  digest: digestOf(record),
});
