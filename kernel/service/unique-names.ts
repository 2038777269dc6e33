/** @throws Error if two definitions have the same name: one could be taken for the other. */
export function checkUnique(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new Error(`There are two ${what} ${twice}; give each a name of its own.`);
}
