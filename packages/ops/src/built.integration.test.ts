import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { testFolder } from '../fixtures/runProgram';
import { commands } from './runOps';

const NAME = '@artel/telemetry-ops';
const home = fileURLToPath(new URL('..', import.meta.url));
const manifest = z
  .object({
    version: z.string(),
    bin: z.object({ 'artel-ops': z.string() }),
    dependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')));

/** A folder in which the packed package is installed, as npm would, with the dependencies that it declares. */
function install(): string {
  const app = testFolder();
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', app], { cwd: home });
  const [tarball = ''] = readdirSync(app);
  const modules = join(app, 'node_modules');
  const own = join(modules, NAME);
  mkdirSync(own, { recursive: true });
  execFileSync('tar', ['-xzf', join(app, tarball), '-C', own, '--strip-components=1']);
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(realpathSync(join(home, 'node_modules', name)), join(modules, name));
  }
  const program = join(own, manifest.bin['artel-ops']);
  chmodSync(program, 0o755);
  mkdirSync(join(modules, '.bin'));
  symlinkSync(program, join(modules, '.bin/artel-ops'));
  return app;
}

it('runs as it is packed and installed, away from the repository', () => {
  const app = install();
  const artelOps = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(join(app, 'node_modules/.bin/artel-ops'), args, {
      cwd: app,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  const help = artelOps('--help');
  expect(help).toMatchObject({ status: 0, stderr: '' });
  expect(help.stdout.startsWith(`artel-ops ${manifest.version}\n`)).toBe(true);
  expect(artelOps('--version')).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
  for (const { name, help: own } of commands) {
    expect(help.stdout).toContain(`artel-ops ${name} `);
    expect(artelOps(...name.split(' '), '--help')).toEqual({ status: 0, stdout: own, stderr: '' });
  }
  expect(artelOps('clean')).toEqual({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^artel-ops: unknown command clean, expected one of .*\n$/),
  });
  // A command that reads a file, and one that needs every dependency.
  expect(artelOps('retention', 'check')).toEqual({
    status: 1,
    stdout: '',
    stderr:
      'artel-ops retention check: observability/retention/retention-policies.yml: cannot be read (ENOENT)\n',
  });
  expect(artelOps('secrets', '--folder', 'made')).toMatchObject({ status: 0, stderr: '' });
  expect(readdirSync(app).sort()).toEqual([expect.stringMatching(/\.tgz$/), 'made', 'node_modules']);
});

it('is a library for import and for require', () => {
  const app = install();
  const run = (type: string, script: string) =>
    execFileSync(process.execPath, [`--input-type=${type}`, '--eval', script], {
      cwd: app,
      encoding: 'utf8',
    });
  const version = `runOps(['--version']).then((code) => console.log(code))`;
  const expected = `${manifest.version}\n0\n`;
  expect(run('module', `import { runOps } from '${NAME}'; ${version}`)).toBe(expected);
  expect(run('commonjs', `const { runOps } = require('${NAME}'); ${version}`)).toBe(expected);
});
