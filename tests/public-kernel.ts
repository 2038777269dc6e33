import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** The kernel's public names, and the files that they stand for. */

const kernel = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'kernel', 'package.json'), 'utf8'),
) as { name: string; exports: Record<string, string> };

export const publicKernel: ReadonlyMap<string, string> = new Map(
  Object.entries(kernel.exports).map(([name, file]) => [
    posix.join(kernel.name, name),
    posix.join('kernel', file),
  ]),
);

/** The file that an import means; null for packages. */
export function importedFile(specifier: string, from: string): string | null {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  return publicKernel.get(specifier) ?? null;
}

/** The specifiers of a file's imports, re-exports and dynamic imports. */
export function specifiersIn(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const named =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
    if (named && ts.isStringLiteralLike(named)) found.push(named.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}
