import { appendFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';

/**
 * Is loaded into a server that is measured. It notes each time that the event loop stood still for
 * long, and how much of it the thread worked: the rest it waited for a core. Long collections of
 * V8, which are part of the work, are noted too.
 */

export type Noted = {
  /** When it was over, in milliseconds since 1970. */
  at: number;
} & ({ wallMs: number; ownMs: number } | { collectedMs: number });

const lookEveryMs = 5;
const longMs = { stop: 20, collection: 10 };

const file = process.env.OWN_TIME_FILE;
if (file !== undefined) noteInto(file);

function noteInto(file: string): void {
  const note = (noted: Noted) => appendFileSync(file, `${JSON.stringify(noted)}\n`);
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      if (duration < longMs.collection) continue;
      note({ at: performance.timeOrigin + startTime + duration, collectedMs: duration });
    }
  }).observe({ entryTypes: ['gc'] });
  let last = now();
  setInterval(() => {
    const { wallMs, ownMs } = now();
    const stop = { wallMs: wallMs - last.wallMs, ownMs: ownMs - last.ownMs };
    if (stop.wallMs >= longMs.stop) note({ at: performance.timeOrigin + wallMs, ...stop });
    last = now();
  }, lookEveryMs).unref();
}

function now() {
  const { user, system } = process.threadCpuUsage();
  return { wallMs: performance.now(), ownMs: (user + system) / 1_000 };
}
