// @ts-check
// The first step of `npm start`, `npm test` and the other commands. It needs Node 18 and npm, nothing else: it brings a
// supported Node where the machine's own is too old, installs what the lockfile names, builds what has changed, and
// hands over to the TypeScript program of that name.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { broughtNode, isSupported, nodePackage, SUPPORTED } from './runtime/supportedNode.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamps = join(root, 'node_modules', '.artel');
const RUNTIME = './scripts/runtime';

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

/** Ms after which a step says what it is doing: one that finds nothing to do is over by then. */
const SILENCE = 1_500;

/**
 * Runs a program to its end, and fails with its output if it fails.
 * @param {string} what
 * @param {string} command
 * @param {readonly string[]} args
 */
async function run(what, command, args) {
  const child = spawn(command, args, {
    cwd: root,
    // Turbo sends usage statistics unless it is forbidden to.
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
    });
  const reminder = setTimeout(() => say(`${what} …`), SILENCE);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', resolve);
  });
  clearTimeout(reminder);
  if (code === 0) return;
  process.stderr.write(output);
  // Not done from here: it would delete the Node and the pnpm that are running.
  if (output.includes('ERR_PNPM_ABORTED_REMOVE_MODULES_DIR'))
    fail('node_modules was installed from another package store: delete it, and run this again.');
  fail(`${what} failed${typeof code === 'string' ? `: ${code}` : ''}`);
}

/**
 * @param {string} what
 * @param {readonly string[]} args
 */
async function install(what, args) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  await run(what, 'npx', ['-y', packageManager, 'install', '--frozen-lockfile', ...args]);
}

/** @param {string} folder */
const programsOf = (folder) => join(folder, 'node_modules', '.bin');

/** Installs the dependencies unless the manifests are those of the last installation. */
async function installDependencies() {
  const folders = ['', 'observability', 'test-support', 'packages/react/react-18'];
  for (const group of ['packages', 'apps'])
    for (const name of readdirSync(join(root, group))) folders.push(join(group, name));
  const manifests = [
    ...folders.map((folder) => join(folder, 'package.json')),
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
  ];
  const sum = createHash('sha256').update(process.version);
  for (const name of manifests.filter((file) => existsSync(join(root, file))))
    sum.update(`${name}\0`).update(readFileSync(join(root, name)));
  const inputs = sum.digest('hex');
  const stamp = join(stamps, 'install');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return;
  await install('Installing dependencies', ['--filter', `!${RUNTIME}`]);
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, inputs);
}

/** Runs this very command with the Node that npm carries. */
async function continueWithSupportedNode() {
  const { platform, arch, version } = process;
  const packageName = nodePackage(platform, arch);
  if (!packageName)
    fail(
      `Artel Telemetry needs Node ${SUPPORTED}; this is ${version}, and npm has none for ${platform}-${arch}.`,
    );
  if (!broughtNode(platform, arch)) {
    say(`Node ${version} is out of support; continuing with Node 24 from npm (${packageName}).`);
    await install('Installing Node 24', ['--filter', RUNTIME]);
  }
  const node = broughtNode(platform, arch);
  if (!node) fail(`${packageName} contains no Node for this machine. Install Node ${SUPPORTED}.`);
  const child = spawn(node, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` },
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  child.once('error', (error) => fail(`${relative(root, node)}: ${error.message}`));
  child.once('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

const [command = '', ...rest] = process.argv.slice(2);
const program = join(root, 'scripts', `${command}.ts`);
if (command !== 'build' && !existsSync(program)) fail(`There is no scripts/${command}.ts.`);

async function runCommand() {
  await installDependencies();
  process.env['PATH'] = `${programsOf(root)}${delimiter}${process.env['PATH'] ?? ''}`;
  await run('Building', 'turbo', ['run', 'build', '--output-logs=errors-only']);
  if (command === 'build') return;
  // In this process, so that a signal reaches one program and not a chain of them.
  const { register } = await import('tsx/esm/api');
  register();
  process.argv = [process.argv[0] ?? '', program, ...rest];
  await import(program);
}

if (isSupported(process.versions.node)) await runCommand();
else await continueWithSupportedNode();
