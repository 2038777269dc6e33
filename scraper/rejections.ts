import type { Rejection, Tally } from './scrape.ts';

/** Rows that were rejected for the same kind of reason. */
type Kind = {
  name: string;
  count: number;
  rest: { from: number; to: number }[];
  restCount: number;
};

const saidOfAKind = 5;
const maxKinds = 50;
const maxRanges = 10;

/** A reason without the values in it. */
const kindOf = (reason: string) => reason.replace(/".*?"(?= [a-z(])|(?<!-)\d+/gu, '…');

/**
 * Says which rows were rejected: the first few of a kind by number and reason, the others in one
 * line at the end; one line for all, if all rows of the file have the same fault.
 */
export class Rejections {
  readonly #say: (line: string) => void;
  readonly #tally: Tally;
  readonly #kinds = new Map<string, Kind>();
  /** These wait while it may be that all rows have the same fault. */
  readonly #held: Rejection[] = [];

  /** @param tally counts all rows that are settled. */
  constructor(say: (line: string) => void, tally: Tally) {
    this.#say = say;
    this.#tally = tally;
  }

  add(rejection: Rejection): void {
    const kind = this.#kindFor(rejection.reason);
    kind.count += 1;
    if (kind.count <= saidOfAKind) this.#held.push(rejection);
    else addTo(kind, rejection.row);
  }

  /** Called after each row that is settled. */
  settled(): void {
    if (!this.#isAllAlike()) this.#sayHeld();
  }

  end(): void {
    const [first] = this.#held;
    if (first && this.#tally.rejected > 1 && this.#isAllAlike()) {
      const all = this.#tally.rejected.toLocaleString('en');
      this.#say(`all ${all} rows rejected for the same reason, row ${first.row}: ${first.reason}`);
      return;
    }
    this.#sayHeld();
    for (const kind of this.#kinds.values()) if (kind.restCount > 0) this.#say(summary(kind));
  }

  #sayHeld(): void {
    for (const { row, reason } of this.#held.splice(0)) this.#say(`row ${row} rejected: ${reason}`);
  }

  #isAllAlike(): boolean {
    const { added, changed, unchanged } = this.#tally;
    return this.#kinds.size === 1 && added + changed + unchanged === 0;
  }

  #kindFor(reason: string): Kind {
    const own = kindOf(reason);
    const isOther = !this.#kinds.has(own) && this.#kinds.size >= maxKinds;
    const name = isOther ? 'other reasons' : own;
    const kind = this.#kinds.get(name) ?? { name, count: 0, rest: [], restCount: 0 };
    this.#kinds.set(name, kind);
    return kind;
  }
}

function addTo(kind: Kind, row: number): void {
  kind.restCount += 1;
  const last = kind.rest.at(-1);
  if (last?.to === row - 1) last.to = row;
  else if (kind.rest.length <= maxRanges) kind.rest.push({ from: row, to: row });
}

function summary({ name, rest, restCount }: Kind): string {
  const ranges = rest.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
  const rows = [...ranges.slice(0, maxRanges), ...(ranges.length > maxRanges ? ['…'] : [])];
  return `${restCount.toLocaleString('en')} more rows rejected: ${name} (${rows.join(', ')})`;
}
