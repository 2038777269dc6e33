import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { importedFile, specifiersIn } from './public-kernel.ts';

/** The stages of the Dockerfile. */

export const root = join(import.meta.dirname, '..');
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

export type Stage = {
  name: string;
  from: string;
  /** Paths that it copies from the repository, those of its base stage included. */
  copied: string[];
  user: string | null;
  exposed: number[];
  /** Arguments of HEALTHCHECK CMD and of CMD. */
  health: string[] | null;
  command: string[];
};

export function stagesOf(dockerfile: string): Map<string, Stage> {
  const stages = new Map<string, Stage>();
  const text = dockerfile.replaceAll(/^#.*\n/gm, '').replaceAll('\\\n', ' ');
  for (const block of text.split(/^(?=FROM )/m).filter((one) => one.startsWith('FROM '))) {
    const [, from = '', name = ''] = /^FROM (\S+) AS (\S+)$/m.exec(block) ?? [];
    const base = stages.get(from);
    const line = (pattern: RegExp) => pattern.exec(block)?.[1];
    const list = (pattern: RegExp) => JSON.parse(line(pattern) ?? 'null') as string[] | null;
    const copies = [...block.matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, what = '']) =>
      what.split(' '),
    );
    stages.set(name, {
      ...{ name, from, copied: [...(base?.copied ?? []), ...copies] },
      user: line(/^USER (\S+)$/m) ?? base?.user ?? null,
      exposed: [...block.matchAll(/^EXPOSE (\d+)$/gm)].map(([, port]) => Number(port)),
      health: list(/^HEALTHCHECK .*? CMD (\[.*\])$/m),
      command: list(/^CMD (\[.*\])$/m) ?? [],
    });
  }
  return stages;
}

/** The folders of services: those whose main.ts runs a service. */
export const services: string[] = globSync('*/main.ts', { cwd: root })
  .filter((path) => read(path).includes("from '@event-sourced/kernel/service'"))
  .map((path) => dirname(path))
  .sort();

/** Every file of the repository that this program loads. */
export function loadedBy(program: string): string[] {
  const loaded = new Set([program]);
  for (const path of loaded) {
    if (!path.endsWith('.ts')) continue;
    const tree = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
    for (const specifier of specifiersIn(tree)) {
      const file = importedFile(specifier, path);
      if (file) loaded.add(file);
    }
  }
  return [...loaded].filter((path) => existsSync(join(root, path)));
}
