/** Ends the run; the message is one line with the reason and the cure. */
export class ScrapeError extends Error {
  override name = 'ScrapeError';
}

const unprintable = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** Text from outside, safe to print on a terminal. */
export const printable = (text: string): string => text.replace(unprintable, ' ');

/** A value from a file for use in a message: quoted, and shortened. */
export function quoted(value: string): string {
  const text = [...printable(value)];
  return `"${text.length > 40 ? `${text.slice(0, 39).join('')}…` : text.join('')}"`;
}
