import { z } from 'zod';
import type { ChangeCounts } from '../projector/changes.ts';

/** How far a client has followed a view: a generation, and the changes of each of its lanes. */
export type ViewPosition = { generation: string; changes: ChangeCounts };

/** By the name of the view. */
export type LivePosition = ReadonlyMap<string, ViewPosition>;

const Text = z.tuple([
  z.string(),
  z.record(z.string(), z.tuple([z.string(), z.record(z.string(), z.int().nonnegative())])),
]);

/** The `id` of a message. Clients send the last one back in `Last-Event-ID`. */
export function formatPosition(log: string, position: LivePosition): string {
  const views = [...position].map(([name, { generation, changes }]) => [
    name,
    [generation, Object.fromEntries(changes)],
  ]);
  return Buffer.from(JSON.stringify([log, Object.fromEntries(views)])).toString('base64url');
}

/** Null if it is no position in this log. */
export function parsePosition(log: string, text: string): LivePosition | null {
  const parsed = Text.safeParse(decoded(text));
  if (!parsed.success || parsed.data[0] !== log) return null;
  const views = Object.entries(parsed.data[1]).map(([name, [generation, counts]]) => {
    const changes = Object.entries(counts).map(([lane, count]) => [Number(lane), count] as const);
    return [name, { generation, changes: new Map(changes) }] as const;
  });
  return new Map(views);
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
