/**
 * Whether the words differ by one typo: a letter too many, a missing or a wrong letter, or two
 * neighbouring letters swapped.
 */
export function isOneTypo(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (short === long || long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  let end = 0;
  while (end < short.length - start && short.at(-1 - end) === long.at(-1 - end)) end += 1;
  const differ = long.length - start - end;
  if (differ === 1) return true;
  const isSwapped = short[start] === long[start + 1] && short[start + 1] === long[start];
  return differ === 2 && short.length === long.length && isSwapped;
}
