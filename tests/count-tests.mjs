// node count-tests.mjs REPORT STATUS [REPORT STATUS …]: prints each failed test with its errors, and
// those that passed only when they were tried again, and then sums up vitest's JSON reports as "N passed, N failed". A test file that could not be loaded,
// a run without a test, and a run that ended with an error count as failed.
import { existsSync, readFileSync } from 'node:fs';

/**
 * @returns the numbers of passed and failed tests, a text for each problem, and one for each test
 *   that failed before it passed.
 */
function countRun(report, exitCode) {
  const problems = [];
  const repeated = [];
  let passed = 0;
  let failed = 0;
  if (existsSync(report)) {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    for (const { name, status, message, assertionResults } of testResults) {
      const fine = assertionResults.filter((test) => test.status === 'passed');
      passed += fine.length;
      for (const test of fine.filter(({ failureMessages = [] }) => failureMessages.length > 0)) {
        repeated.push(`${name} > ${test.fullName} passed only when tried again:\n${whyOf(test)}`);
      }
      const broken = assertionResults.filter((test) => test.status === 'failed');
      failed += broken.length;
      problems.push(...broken.map((test) => `${name} > ${test.fullName}\n${whyOf(test)}`));
      if (status !== 'failed' || broken.length > 0) continue;
      failed++;
      problems.push(`${name} could not be run: ${message.split('\n')[0]}`);
    }
  } else {
    problems.push('the tests wrote no report');
  }
  if (passed + failed === 0) problems.push('no test ran');
  if (exitCode !== '0') problems.push(`a test run ended with exit code ${exitCode}`);
  return { passed, failed: problems.length > 0 ? Math.max(failed, 1) : failed, problems, repeated };
}

/** @returns the first lines of each error, one for each time that the test was tried. */
function whyOf({ failureMessages = [] }) {
  const lines = failureMessages.flatMap((message) => message.split('\n').slice(0, 12));
  return lines.map((line) => `    ${line}`).join('\n');
}

const runs = [];
for (let at = 2; at < process.argv.length; at += 2) {
  runs.push(countRun(process.argv[at], process.argv[at + 1]));
}
const problems = runs.length > 0 ? runs.flatMap((run) => run.problems) : ['there was no run'];
const passed = runs.reduce((sum, run) => sum + run.passed, 0);
const failed = runs.reduce((sum, run) => sum + run.failed, runs.length > 0 ? 0 : 1);

for (const { repeated } of runs) for (const test of repeated) console.error(test);
for (const problem of problems) console.error(problem);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
