import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The README's section "Adding a context", for following it to the letter. */
export type Section = {
  /** The text of each new file, by its path. */
  files: ReadonlyMap<string, string>;
  /** The lines that register the context, by the file that they go into. */
  lines: ReadonlyMap<string, string[]>;
  /** The commands of a shell that try the context. */
  script: string;
};

/** A file's text follows the paragraph that names the file first. */
const fileBlock = /`([\w-]+\/[\w./-]+)`[^\n]*\n\n```(?:ts|json)\n([\s\S]*?)^```/gm;

export function readSection(readme: string): Section {
  const [, section = ''] = /^## Adding a context\n([\s\S]*?)^## /m.exec(readme) ?? [];
  const [, diff = ''] = /^```diff\n([\s\S]*?)^```/m.exec(section) ?? [];
  const [, script = ''] = /^```sh\n([\s\S]*?)^```/m.exec(section) ?? [];
  const files = [...section.matchAll(fileBlock)].map(
    ([, path = '', text = '']) => [path, text] as const,
  );
  const lines = diff
    .split(/^--- /m)
    .slice(1)
    .map((part): [string, string[]] => {
      const [path = '', ...added] = part.trim().split('\n');
      return [path, added.map((line) => line.slice(1))];
    });
  return { files: new Map(files), lines: new Map(lines), script };
}

const notCopied = new Set(['.git', '.data', '.cache', 'node_modules']);

/** Copies the repository. The copy uses the packages of the original, but its own kernel. */
export function copyRepository(root: string, copy: string): void {
  cpSync(root, copy, { recursive: true, filter: (path) => !notCopied.has(basename(path)) });
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@event-sourced'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '@event-sourced') continue;
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  symlinkSync(join('..', '..', 'kernel'), join(modules, '@event-sourced', 'kernel'));
}

/** Writes the files and registers the context: imports on top, other lines at a list's end. */
export function addContext({ files, lines }: Section, root: string): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const [path, added] of lines) {
    const text = readFileSync(join(root, path), 'utf8');
    const imports = added.filter((line) => line.startsWith('import '));
    const entries = added.filter((line) => !line.startsWith('import '));
    const end = Math.max(text.lastIndexOf('\n]'), text.lastIndexOf('\n}'));
    const list = [text.slice(0, end), ...entries].join('\n') + text.slice(end);
    writeFileSync(join(root, path), `${imports.join('\n')}\n${list}`);
  }
}

/** Runs a program. @returns its output. @throws Error with its output if it fails. */
export async function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} failed:\n${output}`);
  return output;
}
