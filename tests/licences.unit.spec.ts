import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Under which licences the npm packages are that this repository installs. */

const root = join(import.meta.dirname, '..');
const allowed = new Set([
  ...['MIT', 'Apache-2.0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0'],
  ...['MPL-2.0', 'OFL-1.1', 'Python-2.0', 'Unlicense', 'CC0-1.0', 'Zlib'],
]);
/** Its package.json names no licence, but its LICENSE does. */
const inLicenseFile: Record<string, string> = { '@kafkajs/confluent-schema-registry': 'MIT' };
/** These name none at all. Only benchmarks use them; nothing that is deployed has them. */
const unnamed = new Set(['@event-driven-io/emmett', '@event-driven-io/emmett-mongodb']);

type Installed = { name: string; license?: string | { type: string } };

function installed(): Installed[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { link?: boolean }>;
  };
  return Object.entries(lock.packages).flatMap(([folder, { link }]) => {
    const file = join(root, folder, 'package.json');
    // What other platforms need is not installed.
    if (!folder.startsWith('node_modules/') || link || !existsSync(file)) return [];
    return [JSON.parse(readFileSync(file, 'utf8')) as Installed];
  });
}

/** With `OR`, one of the licences is enough; with `AND`, all count. */
const isAllowed = (expression: string): boolean =>
  expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => allowed.has(licence)));

it('of all installed npm packages are ones that allow any use', () => {
  const packages = installed().map(({ name, license }) => ({
    name,
    licence: (typeof license === 'object' ? license.type : license) ?? inLicenseFile[name],
  }));
  expect(packages.length).toBeGreaterThan(100);
  const counts = Map.groupBy(packages, ({ licence }) => licence ?? 'none named');
  const lines = [...counts].map(([licence, some]) => `${licence}: ${some.length}`).sort();
  // For who reads the log of a run.
  console.log(`Licences of npm packages\n${lines.join('\n')}`);
  const others = packages.filter(
    ({ name, licence }) => !(unnamed.has(name) || (licence && isAllowed(licence))),
  );
  expect(others).toEqual([]);
});
