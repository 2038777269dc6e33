import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Problem } from '../problems.ts';

/** A line's text, or the problem why it can't be read. */
export type Line = { number: number } & ({ text: string } | { problem: Problem });

export type NdjsonLimits = { bodyBytes: number; lineBytes: number };

const newline = 0x0a;

/**
 * The lines of a streamed body, numbered from 1; empty lines are counted and left out. A line that
 * can't be read comes with its problem, and the next ones are read all the same.
 * @throws Problem `body-too-large` once more than `bodyBytes` came. The rest is left unread.
 */
export async function* ndjsonLines(
  req: IncomingMessage,
  { bodyBytes, lineBytes }: NdjsonLimits,
): AsyncGenerator<Line> {
  const line = new GrowingLine(lineBytes);
  let received = 0;
  // Destroying the request would take the answer with it.
  for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > bodyBytes) {
      throw new Problem(
        'body-too-large',
        `At most ${bodyBytes} bytes are taken; send it in parts.`,
      );
    }
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      line.add(chunk.subarray(start, end));
      const whole = line.end();
      if (whole) yield whole;
      start = end + 1;
    }
    line.add(chunk.subarray(start));
  }
  const last = line.end();
  if (last) yield last;
}

/** Collects the bytes of one line after the other, up to the limit. */
class GrowingLine {
  readonly #limit: number;
  #number = 0;
  #bytes = 0;
  #parts: Buffer[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#limit) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  /** The line, or null if it is empty. */
  end(): Line | null {
    const isTooLong = this.#bytes > this.#limit;
    const bytes = Buffer.concat(this.#parts);
    this.#number += 1;
    this.#bytes = 0;
    this.#parts = [];
    const number = this.#number;
    if (isTooLong) {
      return {
        number,
        problem: new Problem('body-too-large', `A line takes ${this.#limit} bytes.`),
      };
    }
    if (!isUtf8(bytes)) {
      return { number, problem: new Problem('malformed-json', 'The line is not valid UTF-8.') };
    }
    const text = bytes.toString('utf8').trim();
    return text === '' ? null : { number, text };
  }
}
