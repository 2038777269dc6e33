// Who may import whom. `tests/architecture.unit.spec.ts` runs it, and proves that each rule bites.
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/** A context has a folder in schemas/, and one of the same name in each service. */
const schemas = join(__dirname, 'schemas');
const folders = existsSync(schemas) ? readdirSync(schemas, { withFileTypes: true }) : [];
const contexts = `(${folders
  .filter((entry) => entry.isDirectory() && !['generated', 'golden'].includes(entry.name))
  .map(({ name }) => name)
  .join('|')})`;
const services = '(command-api|projectors|query-api|reactors|scraper|console)';
const applications = `^(${services}|schemas|examples)/`;

/** The files that stand for the public names of the kernel. */
const { exports: names } = JSON.parse(readFileSync(join(__dirname, 'kernel', 'package.json')));
const surface = Object.values(names).map(
  (file) => `^kernel/${file.slice(2).replaceAll('.', '\\.')}$`,
);
// Tests may import anything.
const tests = '(\\.spec\\.ts$|^tests/|^kernel/testing/|^bench/)';

module.exports = {
  forbidden: [
    {
      name: 'contexts-know-nothing-of-each-other',
      comment: 'What two contexts share belongs to schemas/ or kernel/.',
      severity: 'error',
      from: { path: `^${services}/${contexts}/`, pathNot: tests },
      to: { path: `^${services}/${contexts}/`, pathNot: '^$1/$2/' },
    },
    {
      name: 'services-know-nothing-of-each-other',
      comment: 'They speak over HTTP and the log. Only the replay tool uses the projections.',
      severity: 'error',
      from: { path: `^${services}/`, pathNot: tests },
      to: { path: `^${services}/`, pathNot: '^$1/' },
    },
    {
      name: 'kernel-knows-no-service',
      comment: 'Nor do its tests: the folder can be copied with them.',
      severity: 'error',
      from: { path: '^kernel/' },
      to: { path: `^(${services}|replay|local-stack|bench|tests|docs)/` },
    },
    {
      name: 'kernel-knows-no-context',
      severity: 'error',
      from: { path: '^kernel/' },
      to: { path: '^schemas/' },
    },
    {
      name: 'applications-use-the-public-kernel',
      comment: 'kernel/package.json lists its names; everything else in kernel/ may change.',
      severity: 'error',
      from: { path: applications, pathNot: tests },
      to: { path: '^kernel/', pathNot: surface },
    },
    {
      name: 'schemas-know-no-service',
      severity: 'error',
      from: { path: '^schemas/', pathNot: tests },
      to: { path: `^(${services}|replay)/` },
    },
    {
      name: 'only-commands-know-the-application',
      comment:
        'Another system starts on the same local stack: it needs only the rest of the folder.',
      severity: 'error',
      from: { path: '^local-stack/', pathNot: ['^local-stack/commands/', tests] },
      to: { path: `^(${services}|replay|schemas|bench|local-stack/commands)/` },
    },
    {
      name: 'kafkajs-stays-in-the-log',
      comment: 'So that another client can replace it.',
      severity: 'error',
      from: { pathNot: ['^kernel/log/', tests] },
      to: { path: '(^|/)node_modules/kafkajs/' },
    },
    {
      name: 'only-tests-use-tests',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: '(\\.spec\\.ts$|^tests/|^kernel/testing/)' },
    },
    {
      name: 'no-circles',
      comment: 'Circles of types count too.',
      severity: 'error',
      from: { pathNot: '(\\.spec\\.ts$|^tests/)' },
      to: { circular: true },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    // The peers of the benchmark have packages of their own, which few install.
    exclude: { path: '^(\\.data|\\.cache|bench/commands/peers|(console|client)/dist)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
