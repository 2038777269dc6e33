import { setTimeout as pause } from 'node:timers/promises';
import type { BuildProgress } from '#kernel/projector/building/lane-board.ts';

/** A limit of events a second, counted from a moment on. */
export type Pace = { eventsPerSecond: number; since: number };

/** Resolves when more events may be read; without a pace, at once. */
export async function keepPace(
  { events }: BuildProgress,
  pace: Pace | undefined,
  stop?: AbortSignal,
): Promise<void> {
  if (!pace) return;
  const dueAt = pace.since + (1_000 * events) / pace.eventsPerSecond;
  await pause(Math.max(0, dueAt - Date.now()), undefined, { signal: stop });
}
