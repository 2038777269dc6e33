import type { ImportClient, ImportResult } from './import-client.ts';
import { checkRow, type ImportedMovie } from './movie-row.ts';
import { readRows } from './rows.ts';
import type { Source } from './source.ts';

export type Tally = { added: number; changed: number; unchanged: number; rejected: number };
export type Rejection = { row: number; reason: string };

export type ScrapeOptions = {
  source: Source;
  client: Pick<ImportClient, 'send'>;
  /** Filled while the run goes on, so that it is right after an error too. */
  tally: Tally;
  onRejected: (rejection: Rejection) => void;
  /** Hears after each row how far into the source, in bytes, everything is settled. */
  onProgress?: (settledBytes: number) => void;
};

export const emptyTally = (): Tally => ({ added: 0, changed: 0, unchanged: 0, rejected: 0 });

type Sent = { row: number; position: number; line: string };

/** A request takes at most 16 MiB; smaller ones keep memory and what a retry repeats small. */
const batchLines = 2_000;
const batchBytes = 4 * 1_048_576;

/**
 * Sends every good row of the source to the command API; bad and refused rows are told by number.
 * Memory holds one batch, and one number for each id seen.
 * @throws ScrapeError when the source or the API can't be used.
 */
export async function scrape(options: ScrapeOptions): Promise<void> {
  const { source, tally, onRejected, onProgress = () => {} } = options;
  const settle = (result: keyof Tally, row: number, position: number, reason = '') => {
    tally[result] += 1;
    if (result === 'rejected') onRejected({ row, reason });
    onProgress(position);
  };
  let batch: Sent[] = [];
  let bytes = 0;
  async function flush() {
    const sent = batch;
    batch = [];
    bytes = 0;
    if (sent.length === 0) return;
    for await (const result of options.client.send(sent.map(({ line }) => line))) {
      const { row, position } = sent[result.line - 1] as Sent;
      settle(result.result, row, position, refusal(result));
    }
  }
  for await (const checked of checkedRows(source)) {
    const position = source.readBytes();
    if ('reason' in checked) {
      settle('rejected', checked.row, position, checked.reason);
      continue;
    }
    const line = JSON.stringify(checked.movie);
    const lineBytes = Buffer.byteLength(line) + 1;
    if (batch.length === batchLines || bytes + lineBytes > batchBytes) await flush();
    batch.push({ row: checked.row, position, line });
    bytes += lineBytes;
  }
  await flush();
}

type Checked = { row: number; movie: ImportedMovie } | { row: number; reason: string };

/** Rows as movies, each id once. */
async function* checkedRows(source: Source): AsyncGenerator<Checked, void> {
  const firstRows = new Map<number, number>();
  for await (const { row, cells, faults } of readRows(source)) {
    const checked = checkRow(cells);
    const all = [...faults, ...('faults' in checked ? checked.faults : [])];
    if (!('movie' in checked) || all.length > 0) {
      yield { row, reason: all.join('; ') };
      continue;
    }
    const rank = Number(cells.rank);
    const first = firstRows.get(rank);
    if (first !== undefined) {
      yield { row, reason: `Rank ${rank} is that of row ${first} too` };
      continue;
    }
    firstRows.set(rank, row);
    yield { row, movie: checked.movie };
  }
}

function refusal(result: ImportResult): string {
  if (result.result !== 'rejected') return '';
  const errors = result.errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  return [`${result.code}: ${result.detail}`, errors].filter((part) => part !== '').join(' ');
}
