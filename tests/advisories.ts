import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * `npm run advisories`: lists the security advisories on all packages of the lock file, which the
 * registry of npm is asked for. Ends with 1 if one on a package that is deployed is grave.
 */

const grave = ['high', 'critical'];
const root = join(import.meta.dirname, '..');
const options = {
  registry: { type: 'string' },
  /** A file for what a test runner would report. */
  report: { type: 'string' },
  'limit-ms': { type: 'string', default: '60000' },
} as const;

type Advisory = { title: string; url: string; severity: string };
/** What `npm audit` says of a package; a text in `via` names another package that it depends on. */
type Audited = { name: string; via: (string | Advisory)[]; nodes: string[] };
type Audit = { vulnerabilities?: Record<string, Audited>; message?: string };
type Listed = { line: string; isGrave: boolean };

function askedOf(registry: string | undefined, limitMs: number): Promise<Audit> {
  const where = registry ? ['--registry', registry] : [];
  const args = ['audit', '--json', '--fetch-retries=0', ...where];
  const how = { cwd: root, timeout: limitMs, maxBuffer: 64 * 2 ** 20 };
  return new Promise((resolve) => {
    // It ends with 1 where there are advisories, too.
    execFile('npm', args, how, (error, said) => {
      if (error?.killed) resolve({ message: `no answer within ${limitMs / 1_000} s` });
      else resolve(parsed(said));
    });
  });
}

function parsed(text: string): Audit {
  try {
    return JSON.parse(text) as Audit;
  } catch {
    return { message: `npm audit said: ${text.slice(0, 200)}` };
  }
}

function listed(audited: readonly Audited[]): Listed[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  return audited.flatMap(({ name, via, nodes }) => {
    const isDeployed = nodes.some((node) => !packages[node]?.dev);
    const own = via.filter((one) => typeof one === 'object');
    return own.map(({ severity, title, url }) => ({
      line: `${severity}, ${isDeployed ? 'deployed' : 'development'}: ${name}: ${title} (${url})`,
      isGrave: isDeployed && grave.includes(severity),
    }));
  });
}

const { values } = parseArgs({ options });
const { vulnerabilities, message } = await askedOf(values.registry, Number(values['limit-ms']));
const all = listed(Object.values(vulnerabilities ?? {}));
const failed = all.filter(({ isGrave }) => isGrave).map(({ line }) => line);
for (const { line } of all) console.log(line);
if (vulnerabilities) console.log(`${all.length} advisories, ${failed.length} of them grave`);
else console.log(`The registry could not be asked for advisories: ${message}`);
const test = {
  status: failed.length > 0 ? 'failed' : 'passed',
  ...{ fullName: 'packages that are deployed have no grave advisories', failureMessages: failed },
};
const testResults = [{ name: 'advisories', status: test.status, assertionResults: [test] }];
if (values.report) writeFileSync(values.report, JSON.stringify({ testResults }));
process.exitCode = failed.length > 0 ? 1 : 0;
