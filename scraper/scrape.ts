import type { ImportClient, ImportResult } from './import-client.ts';
import { checkRow, type ImportedMovie } from './movie-row.ts';
import type { Source } from './source.ts';
import type { Table } from './table.ts';

export type Tally = { added: number; changed: number; unchanged: number; rejected: number };
export type Rejection = { row: number; reason: string };

export type ScrapeOptions = {
  source: Pick<Source, 'readBytes'>;
  table: Pick<Table, 'rows' | 'decimal'>;
  client: Pick<ImportClient, 'send'>;
  /** Counted up during the run, so that the tally is right after an error too. */
  tally: Tally;
  onRejected: (rejection: Rejection) => void;
  /** Called after each row with the bytes of the source whose rows are settled. */
  onProgress?: (settledBytes: number) => void;
};

export const emptyTally = (): Tally => ({ added: 0, changed: 0, unchanged: 0, rejected: 0 });

type Sent = { row: number; position: number; line: string };

/** A request may have 16 MiB; smaller requests need less memory and repeat less on a retry. */
const batchLines = 2_000;
const batchBytes = 4 * 1_048_576;

/**
 * Sends every good row of the source to the command API, and reports bad and refused rows.
 * Memory holds one batch, and one number for each id seen.
 * @throws ScrapeError when the source or the API can't be used.
 */
export async function scrape(options: ScrapeOptions): Promise<void> {
  const { source, table, tally, onRejected, onProgress = () => {} } = options;
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
  for await (const checked of checkedRows(table)) {
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

/** Turns rows into movies, each id once. */
async function* checkedRows({
  rows,
  decimal,
}: ScrapeOptions['table']): AsyncGenerator<Checked, void> {
  const firstRows = new Map<number, number>();
  for await (const { row, cells, faults } of rows) {
    const checked = checkRow(cells, decimal);
    const all = [...faults, ...('faults' in checked ? checked.faults : [])];
    if (!('movie' in checked) || all.length > 0) {
      yield { row, reason: all.join('; ') };
      continue;
    }
    const rank = Number(checked.movie.movieId.slice(1));
    const first = firstRows.get(rank);
    if (first !== undefined) {
      yield { row, reason: `Rank ${rank} occurs in row ${first} already` };
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
