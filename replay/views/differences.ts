import { isDeepStrictEqual } from 'node:util';
import type { FindCursor } from 'mongodb';

type Document = { _id: string };

/** A field of a document that differs between the sides; undefined on a side without the field. */
export type FieldDifference = { field: string; a: unknown; b: unknown };

/** The changes that make A into B. */
export type Differences = {
  /** In B only. */
  added: number;
  /** In A only. */
  removed: number;
  /** In both, and different. */
  changed: number;
  same: number;
  /** The first differences. */
  samples: Sample[];
};

export type Sample =
  | { id: string; change: 'added' | 'removed' }
  | { id: string; change: 'changed'; fields: FieldDifference[] };

const shownDocuments = 10;
const shownFields = 5;

export const noDifferences = (): Differences => ({
  ...{ added: 0, removed: 0, changed: 0, same: 0 },
  samples: [],
});

export const differ = ({ added, removed, changed }: Differences): boolean =>
  added + removed + changed > 0;

/** Compares a document's two sides and counts the result. */
export function compare(
  differences: Differences,
  id: string,
  a: Document | null,
  b: Document | null,
): void {
  if (isDeepStrictEqual(a, b)) {
    if (a) differences.same += 1;
    return;
  }
  const change = a ? (b ? 'changed' : 'removed') : 'added';
  differences[change] += 1;
  if (differences.samples.length >= shownDocuments) return;
  if (change !== 'changed') differences.samples.push({ id, change });
  else differences.samples.push({ id, change, fields: fieldsOf(a, b).slice(0, shownFields) });
}

/** Compares two collections, read in the order of their ids, in constant memory. */
export async function compareAll(
  a: FindCursor<Document>,
  b: FindCursor<Document>,
  stop: AbortSignal,
): Promise<Differences> {
  const differences = noDifferences();
  let [left, right] = await Promise.all([a.next(), b.next()]);
  while (left || right) {
    stop.throwIfAborted();
    const order = !left ? 1 : !right ? -1 : byteOrder(left._id, right._id);
    const id = (order <= 0 ? left : right)!._id;
    compare(differences, id, order <= 0 ? left : null, order >= 0 ? right : null);
    if (order <= 0) left = await a.next();
    if (order >= 0) right = await b.next();
  }
  return differences;
}

/** MongoDB's order of text, which differs from JavaScript's beyond the basic plane. */
const byteOrder = (a: string, b: string): number =>
  a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The deepest fields that differ, such as `movie.genres.0`. */
function fieldsOf(a: unknown, b: unknown, path = ''): FieldDifference[] {
  if (isDeepStrictEqual(a, b)) return [];
  if (!isTree(a) || !isTree(b)) return [{ field: path, a, b }];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].flatMap((name) =>
    fieldsOf(a[name], b[name], path === '' ? name : `${path}.${name}`),
  );
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  Array.isArray(value) || (typeof value === 'object' && value?.constructor === Object);

/** The differences as text. */
export function differencesText(differences: Differences): string {
  const { added, removed, changed, same, samples } = differences;
  const lines = samples.flatMap((sample) => [
    `  ${signs[sample.change]} ${sample.id}`,
    ...(sample.change === 'changed' ? sample.fields.map(fieldText) : []),
  ]);
  const rest = added + removed + changed - samples.length;
  return [
    `${added} added, ${removed} removed, ${changed} changed, ${same} the same`,
    ...lines,
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ].join('\n');
}

const signs = { added: '+', removed: '-', changed: '~' } as const;

const fieldText = ({ field, a, b }: FieldDifference) =>
  `      ${field}: ${valueText(a)} → ${valueText(b)}`;

const longest = 60;

function valueText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
