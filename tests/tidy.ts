import { posix } from 'node:path';
import ts from 'typescript';
import { applicationNames, namesInKernel } from './application-names.ts';
import { importedFile, publicKernel, specifiersIn } from './public-kernel.ts';

/** The house rules that no other tool checks. Each rule gives one line per offence. */

export type SourceFile = { path: string; text: string };

const maxFunctionLines = 70;
const maxFileLines = 300;
const maxLineLength = 100;

const forTests = /^(kernel\/testing|tests)\//;
const isSpec = (path: string) => path.endsWith('.spec.ts');
const isConfig = (path: string) => path.endsWith('.config.ts');
const linesOf = (text: string) => text.replace(/\n$/, '').split('\n');

/**
 * Everything that is untidy in TypeScript. `elsewhere` is text that names entry points, such as
 * package.json.
 */
export function untidy(files: readonly SourceFile[], elsewhere: string): string[] {
  const names = applicationNames(files);
  const parsed = files
    .filter(({ path }) => /\.tsx?$/.test(path))
    .map((file) => ({ ...file, tree: parse(file) }));
  const written = parsed.filter(({ path }) => !path.includes('/generated/'));
  const rules = [tooLong, leftovers, forbiddenName, offences];
  return [
    ...rules.flatMap((rule) => written.flatMap(rule)),
    ...written.flatMap((file) => namesInKernel(file, names)),
    ...deadFiles(parsed, elsewhere),
  ];
}

type Parsed = SourceFile & { tree: ts.SourceFile };

const parse = ({ path, text }: SourceFile) =>
  ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);

function tooLong({ path, text }: SourceFile): string[] {
  const lines = linesOf(text);
  const wide = lines.flatMap((line, i) =>
    line.length > maxLineLength ? [`${path}:${i + 1}: ${line.length} characters wide`] : [],
  );
  const tooMany = lines.length > maxFileLines && !isSpec(path);
  return tooMany ? [`${path}: ${lines.length} lines long`, ...wide] : wide;
}

// Put together from parts, so that this file isn't an offence itself.
const leftover = new RegExp(
  `\\b(TO${'DO'}|FIX${'ME'}|X${'XX'})\\b|@ts-ig${'nore'}|` +
    `\\b(it|test|describe|bench)\\.(on${'ly'}|sk${'ip'})\\(`,
);

const leftovers = ({ path, text }: SourceFile): string[] =>
  linesOf(text).flatMap((line, i) => {
    const found = leftover.exec(line);
    return found ? [`${path}:${i + 1}: left over: ${found[0]}`] : [];
  });

const forbidden = /(^|[/-])(utils?|helpers?|managers?)(\/|\.ts$)|(^|\/)(services\/|index\.ts$)/;

function forbiddenName({ path }: SourceFile): string[] {
  return forbidden.test(path) ? [`${path}: a name that says nothing of what is inside`] : [];
}

/** Offences in the syntax tree: `any`, default exports, barrels, long functions. */
function offences({ path, tree }: Parsed): string[] {
  const found: string[] = [];
  const lineOf = (at: number) => tree.getLineAndCharacterOfPosition(at).line;
  const visit = (node: ts.Node): void => {
    const at = lineOf(node.getStart(tree));
    const here = `${path}:${at + 1}`;
    if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(`${here}: any`);
    if (isDefaultExport(node) && !isConfig(path)) found.push(`${here}: a default export`);
    const length = lineOf(node.end) - at + 1;
    if (ts.isFunctionLike(node) && length > maxFunctionLines && !isSpec(path)) {
      found.push(`${here}: a function of ${length} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  const passedOn = tree.statements.every(
    (one) => ts.isExportDeclaration(one) && one.moduleSpecifier !== undefined,
  );
  // A public name of the kernel may stand for several files.
  const isPublic = [...publicKernel.values()].includes(path);
  if (tree.statements.length > 0 && passedOn && !isPublic)
    found.push(`${path}: only passes others' exports on`);
  return found;
}

const isDefaultExport = (node: ts.Node): boolean =>
  (ts.isExportAssignment(node) && !node.isExportEquals) ||
  (ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword));

/** Files that no program reaches. Files that only specs reach are dead too, except for tests. */
function deadFiles(files: readonly Parsed[], elsewhere: string): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const started = new Set(files.flatMap(({ tree }) => startedFiles(tree)));
  const reach = (starts: readonly Parsed[]) => {
    const reached = new Set(starts);
    for (const file of reached) {
      for (const target of importedFiles(file)) {
        const next = byPath.get(target);
        if (next) reached.add(next);
      }
    }
    return reached;
  };
  const programs = files.filter(
    ({ path }) => isConfig(path) || elsewhere.includes(path) || started.has(posix.basename(path)),
  );
  const alive = reach(programs);
  const aliveInTests = reach(files.filter(({ path }) => isSpec(path)));
  return files
    .filter((file) => !isSpec(file.path) && !alive.has(file))
    .filter((file) => !(forTests.test(file.path) && aliveInTests.has(file)))
    .map(({ path }) => `${path}: no program uses it`);
}

/** Paths from the root of the repository. */
const importedFiles = ({ path, tree }: Parsed): string[] =>
  specifiersIn(tree).flatMap((specifier) => importedFile(specifier, path) ?? []);

/** Files named in strings other than imports: these are started as processes. */
function startedFiles(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateTail(node)) {
      const name = /(^|\/)([\w-]+\.ts)$/.exec(node.text)?.[2];
      if (name && !isImportCall(node.parent)) found.push(name);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

const isImportCall = (node: ts.Node): boolean =>
  ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
