import { performance } from 'node:perf_hooks';
import type { Page } from 'playwright-core';

/** The tasks of a page's thread that a person would notice. */

export const longTaskMs = 50;

export type Tasks = {
  /** From begin to end. */
  longestMs: number;
  longTasks: number;
  /** What the thread worked; the rest it waited for a core, which all of the system shares here. */
  longestOwnMs: number;
  longOwnTasks: number;
};

type TraceEvent = {
  ph: string;
  name: string;
  pid: number;
  tid: number;
  /** Microseconds. */
  ts: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
};

const isThreadName = ({ name, args }: TraceEvent) =>
  name === 'thread_name' && args?.name === 'CrRendererMain';

/** @returns the tasks of the page while `act` runs. No other page may be open. */
export async function tasksDuring(page: Page, act: () => Promise<void>): Promise<Tasks> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  const beganAt = performance.now();
  let trace: Buffer;
  let tookMs = 0;
  try {
    await act();
  } finally {
    tookMs = performance.now() - beganAt;
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const threads = new Set(traceEvents.filter(isThreadName).map(({ pid, tid }) => `${pid}/${tid}`));
  const tasks = traceEvents.filter(
    ({ ph, name, pid, tid }) =>
      ph === 'X' && name === 'ThreadControllerImpl::RunTask' && threads.has(`${pid}/${tid}`),
  );
  // What isn't measured must not look as if it were fast.
  if (!tasks.some(({ tdur }) => tdur)) throw new Error('This browser tells no times of tasks.');
  const ends = tasks.map(({ ts }) => ts / 1_000);
  const seenMs = ends.reduce((a, b) => Math.max(a, b)) - ends.reduce((a, b) => Math.min(a, b));
  if (seenMs < tookMs * 0.8) {
    throw new Error(`The trace has ${Math.round(seenMs)} ms of ${Math.round(tookMs)} ms.`);
  }
  const all = tasks.map(({ dur = 0 }) => dur / 1_000);
  const own = tasks.map(({ tdur = 0 }) => tdur / 1_000);
  const count = (times: readonly number[]) => times.filter((ms) => ms > longTaskMs).length;
  return {
    ...{ longestMs: Math.round(greatest(all)), longTasks: count(all) },
    ...{ longestOwnMs: Math.round(greatest(own)), longOwnTasks: count(own) },
  };
}

const greatest = (times: readonly number[]): number =>
  times.reduce((most, ms) => Math.max(most, ms), 0);

/** Those of several periods. */
export const together = (some: readonly Tasks[]): Tasks => ({
  longestMs: greatest(some.map(({ longestMs }) => longestMs)),
  longTasks: some.reduce((sum, { longTasks }) => sum + longTasks, 0),
  longestOwnMs: greatest(some.map(({ longestOwnMs }) => longestOwnMs)),
  longOwnTasks: some.reduce((sum, { longOwnTasks }) => sum + longOwnTasks, 0),
});
