/** The run can't go on; the message is one line that says why and what would cure it. */
export class ScrapeError extends Error {
  override name = 'ScrapeError';
}

const unprintable = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** Text from outside, safe to print on a terminal. */
export const printable = (text: string): string => text.replace(unprintable, ' ');

/** A value from a file as it stands in a message: quoted, and short. */
export function quoted(value: string): string {
  const text = [...printable(value)];
  return `"${text.length > 40 ? `${text.slice(0, 39).join('')}…` : text.join('')}"`;
}
