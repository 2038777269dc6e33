import type { BuildProgress } from '#kernel/projector/building/lane-board.ts';
import type { JobProgress } from '#schemas/operations/job-progress.ts';
import type { Progress } from '../tool/progress.ts';
import type { JobWork } from './job-work.ts';

const keepEveryMs = 500;

/**
 * Keeps the progress of a build where operators see it: the first news at once, and then the newest
 * twice a second.
 * @param throttle events a second at most, if there is a limit.
 */
export function keptProgress(step: string, keep: JobWork['keep'], throttle?: number): Progress {
  const startedAt = performance.now();
  let keptAt = Number.NEGATIVE_INFINITY;
  let news: JobProgress['build'] = null;
  let timer: NodeJS.Timeout | undefined;
  const keepNews = () => {
    keptAt = performance.now();
    timer = undefined;
    // The job goes on without it; the next one says more.
    void keep({ build: news }).catch(() => {});
  };
  return {
    update(now) {
      const seconds = (performance.now() - startedAt) / 1_000;
      news = { step, ...now, ...speedOf(now, seconds, throttle) };
      timer ??= setTimeout(keepNews, Math.max(0, keptAt + keepEveryMs - performance.now()));
    },
    stop() {
      clearTimeout(timer);
      if (timer) keepNews();
    },
  };
}

/**
 * How fast a build is, and how long the rest of it takes. At a throttle the first events are read
 * at once, and those after them only at its pace.
 * @param seconds since the build began.
 */
export function speedOf(
  { events, passed, of }: BuildProgress,
  seconds: number,
  throttle = Number.POSITIVE_INFINITY,
): { eventsPerSecond: number; secondsLeft: number | null } {
  const measured = events / Math.max(0.001, seconds);
  const eventsPerSecond = Math.round(Math.min(measured, throttle));
  if (passed === 0) return { eventsPerSecond, secondsLeft: null };
  const rest = (of - passed) / passed;
  // Before the first event, each offset that is left may be one.
  const eventsLeft = events === 0 ? of - passed : rest * events;
  const secondsLeft = Math.round(Math.max(rest * seconds, eventsLeft / throttle));
  return { eventsPerSecond, secondsLeft };
}
