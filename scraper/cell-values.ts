import { z } from 'zod';

/** What programs write where a value is missing. */
const missing = new Set([
  '',
  '-',
  '–',
  '—',
  'nan',
  'na',
  '<na>',
  'n/a',
  '#n/a',
  '\\n',
  'null',
  'none',
]);

export const isMissing = (cell: string): boolean => missing.has(cell.trim().toLowerCase());

/** The sign between a number's whole part and its decimals. */
export type Decimal = '.' | ',';

/** A cell's text without line breaks, at which some files wrap it; empty if it is missing. */
export const textOf = (cell: string): string =>
  isMissing(cell) ? '' : cell.replace(/\s*[\r\n\t]+\s*/gu, ' ').trim();

const numbers = { '.': /^-?\d+(\.\d+)?$/, ',': /^-?\d+(,\d+)?$/ } as const;

/** A number, or the unchanged text, which the schema then refuses. */
export function numberOf(cell: string, decimal: Decimal): number | string {
  const value = cell.trim();
  return numbers[decimal].test(value) ? Number(value.replace(',', '.')) : value;
}

/** Whether a file's numbers have decimal commas: some have, and none has a decimal point. */
export function decimalOf(cells: readonly string[]): Decimal {
  const values = cells.map((cell) => cell.trim());
  // A comma before three digits may as well separate thousands.
  const isComma = values.some((value) => /^-?\d+,\d{1,2}$/.test(value));
  return isComma && !values.some((value) => /^-?\d+\.\d+$/.test(value)) ? ',' : '.';
}

/**
 * The names in a cell: after commas, else after bars or semicolons, or as a list of JSON or Python.
 * Null, which the schema then refuses, if it is no such list.
 */
export function namesOf(cell: string): string[] | null {
  const text = textOf(cell);
  if (/^\[.*\]$/u.test(text)) return bracketed(text);
  const separator = ['|', ';'].find((sign) => text.includes(sign)) ?? ',';
  return separated(text, separator);
}

const separated = (text: string, separator: string) =>
  text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');

const Names = z.array(z.string());

function bracketed(text: string): string[] | null {
  try {
    return Names.parse(JSON.parse(text));
  } catch {
    return pythonList(text);
  }
}

/** One quoted text of a Python list and the comma after it; NumPy writes none. */
const quotedName = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(?:,|(?=\s|$|['"]))/gu;

function pythonList(text: string): string[] | null {
  const inside = text.slice(1, -1);
  if (!/['"[\]{}]/.test(inside)) return separated(inside, ',');
  const names = [...inside.matchAll(quotedName)];
  const isWhole = names.map(([whole]) => whole).join('') === inside.trimEnd();
  if (!isWhole) return null;
  return names.map(([, single, double]) => (single ?? double ?? '').replace(/\\(.)/gu, '$1'));
}
