// node count-tests.mjs REPORT STATUS: sums up a vitest JSON report as "N passed, N failed". A test
// file that could not be loaded, a run without a test, and a run that ended badly count as failed.
import { existsSync, readFileSync } from 'node:fs';

const [report, status] = process.argv.slice(2);
let passed = 0;
let failed = 0;
const problems = [];

if (report && existsSync(report)) {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  for (const { name, status, message, assertionResults } of testResults) {
    passed += assertionResults.filter((test) => test.status === 'passed').length;
    const broken = assertionResults.filter((test) => test.status === 'failed').length;
    failed += broken;
    if (status !== 'failed' || broken > 0) continue;
    failed++;
    problems.push(`${name} could not be run: ${message.split('\n')[0]}`);
  }
} else {
  problems.push('the tests wrote no report');
}
if (passed + failed === 0) problems.push('no test ran');
if (status !== '0') problems.push(`the test run ended with exit code ${status}`);
if (problems.length > 0 && failed === 0) failed = 1;

for (const problem of problems) console.error(problem);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
