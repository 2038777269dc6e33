import { Presets, SingleBar } from 'cli-progress';
import type { BuildProgress } from '#kernel/projector/building/lane-board.ts';

/** Shows the progress of a build: on a terminal as a bar, else as a line every few seconds. */
export type Progress = {
  update(progress: BuildProgress): void;
  stop(): void;
};

const lineEveryMs = 5_000;

export function progressOf(what: string, output: NodeJS.WriteStream = process.stderr): Progress {
  const startedAt = performance.now();
  const rateOf = (events: number) =>
    Math.round(events / Math.max(0.001, (performance.now() - startedAt) / 1_000));
  return output.isTTY ? bar(what, output, rateOf) : lines(what, output, rateOf);
}

type RateOf = (events: number) => number;

function bar(what: string, stream: NodeJS.WriteStream, rateOf: RateOf): Progress {
  const format = `${what} {bar} {percentage}% | {events} events, {rate}/s | {eta_formatted} left`;
  const shown = new SingleBar({ format, stream, barsize: 24 }, Presets.shades_classic);
  let isShown = false;
  return {
    update({ events, passed, of }) {
      const payload = { events, rate: rateOf(events) };
      if (isShown) shown.update(passed, payload);
      else shown.start(of, passed, payload);
      isShown = true;
    },
    stop() {
      if (isShown) shown.stop();
      isShown = false;
    },
  };
}

function lines(what: string, output: NodeJS.WriteStream, rateOf: RateOf): Progress {
  let saidAt = performance.now();
  return {
    update({ events, passed, of }) {
      if (performance.now() - saidAt < lineEveryMs) return;
      saidAt = performance.now();
      const percent = Math.floor((100 * passed) / Math.max(1, of));
      output.write(`${what}: ${percent}%, ${events} events, ${rateOf(events)}/s\n`);
    },
    stop: () => {},
  };
}
