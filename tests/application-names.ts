import ts from 'typescript';

/** The names of the application, which its kernel must not know. */
export type ApplicationNames = {
  /** The kernel uses none anywhere: events, and words that can mean this application only. */
  words: ReadonlySet<string>;
  /** Contexts, aggregates and roles: the kernel has none as a string or its part between `/.:@`. */
  strings: ReadonlySet<string>;
};

type Text = { path: string; text: string };

/**
 * Not even the kernel's prose and identifiers have these words. Names of other contexts, such as
 * `orders` or `quotes`, may be plain English, so the kernel must not have them as strings.
 */
const unmistakable = ['movie', 'ranking', 'reminder', 'ballot', 'ticket', 'viewer', 'catalogue'];

/** The kernel itself asks for these roles. */
const kernelRoles = ['operator', 'service'];
/** The kernel has operations ports and operators' queries of its own, so the word is its too. */
const kernelContexts = ['operations'];

/**
 * Contexts are folders of `schemas/`, events its `.avsc` files, aggregates files of
 * `command-api/<context>/`, and roles the strings in `schemas/roles.ts`.
 */
export function applicationNames(files: readonly Text[]): ApplicationNames {
  const names = new Set(files.flatMap(namesFrom));
  const events = [...names].filter((name) => /^[A-Z]/.test(name));
  return {
    words: new Set([...events, ...unmistakable.flatMap((word) => [word, `${word}s`])]),
    strings: new Set([...names].filter((name) => !events.includes(name))),
  };
}

function namesFrom({ path, text }: Text): string[] {
  const [, context, event] = /^schemas\/([\w-]+)\/(\w+)\.avsc$/.exec(path) ?? [];
  if (context && event) return kernelContexts.includes(context) ? [event] : [context, event];
  const aggregate = /^command-api\/[\w-]+\/([\w-]+)\.ts$/.exec(path)?.[1];
  if (aggregate && /\baggregate[<(]/.test(text)) return [aggregate];
  if (path !== 'schemas/roles.ts') return [];
  return strings(text).filter((role) => !kernelRoles.includes(role));
}

function strings(text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isStringLiteral(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('roles.ts', text, ts.ScriptTarget.Latest));
  return found;
}

/** @returns a line for each name of the application in each line of a kernel file. */
export function namesInKernel(
  { path, tree }: { path: string; tree: ts.SourceFile },
  names: ApplicationNames,
): string[] {
  if (!path.startsWith('kernel/')) return [];
  const found = new Set<string>();
  const add = (line: number, name: string) =>
    found.add(`${path}:${line + 1}: uses the application's name ${name}`);
  for (const [line, text] of withoutExamples(tree.text).split('\n').entries()) {
    for (const word of wordsOf(text)) if (names.words.has(word)) add(line, word);
  }
  const visit = (node: ts.Node): void => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
    for (const name of partsOf(node)) if (names.strings.has(name)) add(line, name);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return [...found];
}

/** The examples in doc comments are of a bookshop; an application may have the same names. */
const withoutExamples = (text: string): string =>
  text.replaceAll(/^ \* ```ts$[\s\S]*?^ \* ```$/gm, (example) => example.replaceAll(/[^\n]/g, ''));

/** `movieId` and `MOVIES_CSV` have the words `movie` and `movies`; events are words as a whole. */
const wordsOf = (text: string): string[] => [
  ...(text.match(/\w+/g) ?? []),
  ...(text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map((word) => word.toLowerCase()),
];

function partsOf(node: ts.Node): string[] {
  const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node);
  return isText || ts.isTemplateMiddleOrTemplateTail(node) ? node.text.split(/[/.:@]/) : [];
}
