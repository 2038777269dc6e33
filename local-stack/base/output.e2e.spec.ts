import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

it.for([
  ['npm run token', 'local-stack/commands/print-token.ts --user alice', 1],
  ['npm run schemas:check', 'schemas/check.ts', 1],
  ['npm run scrape, which means rejected rows by 1', 'scraper/main.ts --help', 2],
] as const)('a full disk under the output of %s is told', ([, words, code]) => {
  const { status, stderr } = spawnSync(process.execPath, words.split(' '), {
    cwd: root,
    encoding: 'utf8',
    env: { AUTH_SECRET: 'Xk3v9QmT7pLz2RwYcB8nHd5sGfJ4aVe1', DATA_DIR: '/nowhere' },
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
  });
  expect(stderr).toMatch(/^Standard output can't be written \(ENOSPC.*\)\. Make room on its disk/);
  expect(status).toBe(code);
});
