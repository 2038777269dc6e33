// Runs before `npm start` and `npm test` under whatever Node the system has, before anything is
// installed: plain JavaScript without a dependency. Afterwards npm scripts find the project's own
// Node in node_modules/.bin.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const OLDEST_NODE = 20;
/** The first major version that runs TypeScript files as they are. */
const TYPESCRIPT_NODE = 24;

const root = join(import.meta.dirname ?? '.', '..');
const modules = join(root, 'node_modules');
const major = (version) => Number(/(\d+)\./.exec(version)?.[1] ?? 0);

function fail(line) {
  console.error(line);
  process.exit(1);
}

function packagesOf(path) {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** npm notes what it installed when it is done; optional packages of other platforms are absent. */
function isInstalled() {
  const installed = packagesOf(join(modules, '.package-lock.json'));
  const locked = packagesOf(join(root, 'package-lock.json'));
  if (!installed || !locked) return false;
  return Object.entries(locked).every(([path, { version, integrity, optional }]) => {
    const there = installed[path];
    if (path === '' || (!there && optional)) return true;
    return there?.version === version && there?.integrity === integrity;
  });
}

function install() {
  console.log('Installing packages (npm ci); the first time takes about half a minute …');
  const startedAt = Date.now();
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('js') ? [process.execPath, [npm]] : [npm ?? 'npm', []];
  const { status, error } = spawnSync(
    command,
    [...args, 'ci', '--include=dev', '--include=optional'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  if (error) fail(`npm could not be started: ${error.message}`);
  if (status !== 0) fail('npm ci failed: see above; run it again when the cause is gone');
  console.log(`Packages installed (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}

if (major(process.versions.node) < OLDEST_NODE) {
  fail(`Node ${process.versions.node} is too old: install Node ${OLDEST_NODE} or newer`);
}
if (!isInstalled()) install();

const own = join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
if (!existsSync(own) && major(process.versions.node) < TYPESCRIPT_NODE) {
  fail(
    `No Node ${TYPESCRIPT_NODE} came with the packages for ${process.platform}-${process.arch}: ` +
      `install Node ${TYPESCRIPT_NODE} or newer yourself`,
  );
}
