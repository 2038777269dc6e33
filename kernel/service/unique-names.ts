/** @throws Error if a name is used twice: it would stand for the wrong one of two. */
export function checkUnique(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new Error(`There are two ${what} ${twice}; give each a name of its own.`);
}
