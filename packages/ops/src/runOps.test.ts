import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { policyFile } from '../fixtures/policiesText';
import { createProgram, testFolder } from '../fixtures/runProgram';
import { commands } from './runOps';

const names = commands.map(({ name }) => name);

it('has the commands of an operator', () => {
  expect(names).toEqual([
    ...['check', 'generate', 'plan', 'apply', 'cost', 'audit'].map((name) => `retention ${name}`),
    ...['erase', 'backup', 'restore', 'access', 'secrets', 'alertmanager'],
  ]);
});

it.each(['', '--help', '-h', 'help'])('lists every command for "%s"', async (args) => {
  const { code, said, complaint } = await createProgram().run(args || '--help');
  expect([code, complaint]).toEqual([0, '']);
  for (const { name, summary } of commands)
    expect(said).toMatch(new RegExp(`artel-ops ${name} +${summary}\n`));
});

it.each(commands)('$name --help names each of its options, and runs nothing', async (command) => {
  const { run } = createProgram();
  for (const args of [['--help'], ['-h'], ['one', 'more', '--help']]) {
    const { code, said, complaint } = await run(command.name, ...args);
    expect([code, complaint]).toEqual([0, '']);
    expect(said.startsWith(`artel-ops ${command.name} `)).toBe(true);
    for (const option of command.options) expect(said).toContain(`--${option}`);
    expect(Math.max(...said.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  }
});

it('lists the commands about retention for the word alone', async () => {
  const { run } = createProgram();
  for (const args of [[], ['--help']]) {
    const { code, said } = await run('retention', ...args);
    expect(code).toBe(0);
    expect(said.match(/^ {2}artel-ops \S+ \S+/gm)).toHaveLength(6);
  }
});

it('prints its version', async () => {
  expect(await createProgram().run('--version')).toMatchObject({
    code: 0,
    said: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

it.each<readonly [readonly string[], string]>([
  [['clean'], 'artel-ops: unknown command clean, expected one of retention check, '],
  [['retention', 'clean'], 'artel-ops: unknown command retention clean, expected one of retention check, '],
  [['--colour'], 'artel-ops: unknown option --colour, expected --help, --version or a command'],
  [['secrets', '--colour'], 'artel-ops secrets: unknown option --colour, expected --folder or --help'],
  [['backup', '--config'], "artel-ops backup: Option '--config <value>' argument missing"],
  [['backup'], 'artel-ops backup: expected DIRECTORY, got nothing'],
  [['restore', 'a', 'b', 'c'], 'artel-ops restore: expected DIRECTORY and options, got 2 more arguments'],
  [
    ['retention', 'plan'],
    'artel-ops retention plan: no store was given, expected --prometheus, --loki or --tempo',
  ],
  [
    ['retention', 'plan', '--loki', 'http://user:secret@loki'],
    'artel-ops retention plan: --loki: expected an http or https URL without user or password',
  ],
])('says in one line what is wrong with %j', async ([command = '', ...args], message) => {
  const { code, said, complaint } = await createProgram().run(command, ...args);
  expect([code, said]).toEqual([2, '']);
  expect(complaint.startsWith(message), complaint).toBe(true);
  expect(complaint.trimEnd()).not.toContain('\n');
});

it('names the file that is missing', async () => {
  const folder = testFolder();
  const { run } = createProgram({ DATA_DIR: folder });
  const backup = await run('backup', join(folder, 'set'));
  expect(backup).toMatchObject({
    code: 1,
    said: '',
    complaint: `artel-ops backup: ${folder}/backup-places.yml: there is no file of places; has npm run stack been run? Else name one with --config\n`,
  });
  expect(existsSync(join(folder, 'set'))).toBe(false);
  const policies = await run('retention check', '--policies', 'nowhere.yml');
  expect(policies).toMatchObject({
    code: 1,
    complaint: 'artel-ops retention check: nowhere.yml: cannot be read (ENOENT)\n',
  });
  const plan = await run('retention apply', '--plan', 'nowhere.json', '--policies', policyFile);
  expect(plan.complaint).toContain('nowhere.json: there is no plan (ENOENT)');
});
