import { MultiBar, Presets } from 'cli-progress';
import type { Tally } from './scrape.ts';

/** Shows a run's progress, on a terminal as a bar, elsewhere as a line a second. */
export type Progress = {
  update: (settledBytes: number) => void;
  /** Prints a line without spoiling the bar. */
  say: (line: string) => void;
  stop: () => void;
};

export type ProgressOptions = {
  output: NodeJS.WriteStream;
  tally: Tally;
  /** All bytes of the source; null if unknown, then rows are counted. */
  size: number | null;
  now?: () => number;
};

export const tallyText = ({ added, changed, unchanged, rejected }: Tally): string =>
  `added ${added} / changed ${changed} / unchanged ${unchanged} / rejected ${rejected}`;

export const progressOn = (options: ProgressOptions): Progress =>
  options.output.isTTY ? bar(options) : plainLines(options);

function bar({ output, tally, size }: ProgressOptions): Progress {
  const format = size === null ? '{rows} rows | {tally}' : '{bar} {percentage}% | {tally}';
  // A SingleBar would move the cursor back to its start, over lines printed since.
  const screen = new MultiBar(
    { format, stream: output, barsize: 16, gracefulExit: false },
    Presets.shades_classic,
  );
  const shown = screen.create(size ?? 0, 0, payload(tally));
  return {
    update: (settledBytes) => shown.update(settledBytes, payload(tally)),
    say: (line) => screen.log(`${wrapping}${line}\n${cutting}`),
    stop: () => {
      // Also draws the lines that were logged since the last update.
      screen.update();
      screen.stop();
    },
  };
}

/** The bar is cut at the terminal's edge, so that it stays one line; other lines wrap. */
const wrapping = '\u001B[?7h';
const cutting = '\u001B[?7l';

const payload = (tally: Tally) => ({ rows: rowsOf(tally), tally: tallyText(tally) });

const rowsOf = (tally: Tally) => tally.added + tally.changed + tally.unchanged + tally.rejected;

function plainLines({ output, tally, size, now = Date.now }: ProgressOptions): Progress {
  let saidAt = now();
  return {
    update: (settledBytes) => {
      if (now() - saidAt < 1_000) return;
      saidAt = now();
      const part = size ? `${Math.floor((100 * settledBytes) / size)}%` : `${rowsOf(tally)} rows`;
      output.write(`${part}: ${tallyText(tally)}\n`);
    },
    say: (line) => output.write(`${line}\n`),
    stop: () => {},
  };
}
