import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings } from '#schemas/config.ts';
import { kafkaUsers, mongodbUsers, rightsTable } from './documents.ts';

/** Writes what is made from the rights of users; `npm run generate` runs it. */

const root = join(import.meta.dirname, '..');
const [begin, end] = ['<!-- rights -->', '<!-- /rights -->'] as const;
const madeFrom = (comment: string) =>
  `${comment}Made from access/rights.ts by \`npm run generate\`.`;

/** The text of each file that has rights of users, by path. */
export function generatedFiles(): Map<string, string> {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const [before = '', rest = ''] = read('docs/security.md').split(begin);
  const [, after = ''] = rest.split(end);
  const database = settings.read({}).mongoDatabase;
  const mark = madeFrom('    # ');
  const [mongodb = ''] = read('helm/mongodb.yaml').split(mark);
  return new Map([
    ['docs/security.md', `${before}${begin}\n${rightsTable()}\n${end}${after}`],
    ['helm/kafka-users.yaml', `${madeFrom('# ')}\n${kafkaUsers()}`],
    ['helm/mongodb.yaml', `${mongodb}${mark}\n${mongodbUsers(database)}`],
  ]);
}

if (import.meta.main) {
  for (const [path, text] of generatedFiles()) {
    writeFileSync(join(root, path), text);
    console.log(path);
  }
}
