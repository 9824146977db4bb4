// @ts-check
// The first step of `npm start`, `npm test` and `npm run build`, on nothing but Node and npm: installs what the
// lockfile names, builds what has changed, and hands over to the TypeScript program of that name. Both steps are
// skipped when their inputs are as they were.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamps = join(root, 'node_modules', '.artel');
const NODE = { major: 20, minor: 20 };

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** @param {readonly string[]} args */
function pnpm(args) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const run = spawnSync('npx', ['-y', packageManager, ...args], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout ?? ''}${run.stderr ?? ''}`);
    fail(`pnpm ${args[0]} failed${run.error ? `: ${run.error.message}` : ''}`);
  }
}

/**
 * Every file below a folder that a build reads, sorted.
 * @param {string} folder
 * @returns {string[]}
 */
function sources(folder) {
  const skipped = new Set(['node_modules', 'dist', 'test-results', '.data']);
  return readdirSync(folder, { withFileTypes: true })
    .filter((item) => !skipped.has(item.name) && !/\.test\.tsx?$/.test(item.name))
    .flatMap((item) => (item.isDirectory() ? sources(join(folder, item.name)) : [join(folder, item.name)]))
    .sort();
}

/** @param {readonly string[]} files */
function hash(files) {
  const sum = createHash('sha256').update(process.version);
  for (const file of files) sum.update(`${relative(root, file)}\0`).update(readFileSync(file));
  return sum.digest('hex');
}

/** @param {string} name */
const stampOf = (name) => join(stamps, name);

/**
 * @param {string} name
 * @param {string} value
 */
function isDone(name, value) {
  return existsSync(stampOf(name)) && readFileSync(stampOf(name), 'utf8') === value;
}

/**
 * @param {string} name
 * @param {string} value
 */
function markDone(name, value) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stampOf(name), value);
}

const workspaces = ['packages', 'apps'].flatMap((group) =>
  readdirSync(join(root, group))
    .map((name) => join(root, group, name))
    .filter((folder) => existsSync(join(folder, 'package.json'))),
);

function install() {
  const manifests = [root, ...workspaces].map((folder) => join(folder, 'package.json'));
  const inputs = hash([...manifests, join(root, 'pnpm-lock.yaml'), join(root, 'pnpm-workspace.yaml')]);
  if (isDone('install', inputs)) return;
  say('Installing dependencies …');
  pnpm(['install', '--frozen-lockfile']);
  markDone('install', inputs);
}

/** Builds what has changed, and what is built of it. */
function build() {
  const shared = [join(root, 'tsconfig.base.json'), join(root, 'tsup.base.ts'), join(root, 'pnpm-lock.yaml')];
  const stale = workspaces
    .map((folder) => ({ folder, stamp: `build-${relative(root, folder).replace(/\W/g, '-')}` }))
    .map((item) => ({ ...item, inputs: hash([...shared, ...sources(item.folder)]) }))
    .filter(({ folder, stamp, inputs }) => !isDone(stamp, inputs) || !existsSync(join(folder, 'dist')));
  if (stale.length === 0) return;
  const names = stale.map(({ folder }) => relative(root, folder));
  say(`Building ${names.join(', ')} …`);
  // `...name` is the package and all that depend on it.
  pnpm([...names.flatMap((name) => ['--filter', `...{./${name}}`]), 'run', '--if-present', 'build']);
  for (const { stamp, inputs } of stale) markDone(stamp, inputs);
}

const [command = '', ...rest] = process.argv.slice(2);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < NODE.major || (major === NODE.major && minor < NODE.minor)) {
  fail(`Artel Telemetry needs Node ${NODE.major}.${NODE.minor} or newer; this is ${process.version}.`);
}
install();
build();
if (command !== 'build') {
  const program = join(root, 'scripts', `${command}.ts`);
  if (!existsSync(program)) fail(`There is no scripts/${command}.ts.`);
  // In this process, so that a signal reaches one program and not a chain of them.
  const { register } = await import('tsx/esm/api');
  register();
  process.argv = [process.argv[0] ?? '', program, ...rest];
  await import(program);
}
