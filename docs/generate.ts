import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { settings } from '#schemas/config.ts';

/**
 * `npm run generate`: everything that is generated and committed. Types and golden bytes come from
 * the schemas, the OpenAPI documents from the definitions. The example answers in those documents
 * are recorded from a running system, on the parts that run already or on some of its own;
 * `--no-answers` keeps those that were recorded before.
 */

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { 'no-answers': { type: 'boolean', default: false } } });

/** Each step is a process of its own: it has to load what the step before has written. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } } as const;
  const { status } = spawnSync(process.execPath, args, options);
  if (status !== 0) process.exit(status ?? 1);
}

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const running = join(settings.ofProcess().dataDir, 'endpoints.json');

run(['schemas/generate.ts']);
run(['docs/openapi/generate.ts']);
run(['docs/asyncapi/generate.ts']);
run(['client/generate.ts']);
run(['access/generate.ts']);
if (!values['no-answers']) {
  console.log('Recording the example answers from a running system …');
  run([vitest, 'run', '--project', 'real', '--reporter=dot', 'tests/openapi-examples'], {
    RECORD_EXAMPLES: '1',
    ...(existsSync(running) && { TEST_STACK: running }),
  });
  console.log('command-api/generated/answers.json\nquery-api/generated/answers.json');
  run(['docs/openapi/generate.ts']);
}
