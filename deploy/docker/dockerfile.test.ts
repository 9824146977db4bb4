import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDockerfile } from '@artel/test-support/programs/readDockerfile';
import { ValidationSeverity, type ValidatorSettings, validate } from 'dockerfile-utils';
import { expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));

const { ERROR } = ValidationSeverity;
const everything: Required<ValidatorSettings> = {
  deprecatedMaintainer: ERROR,
  directiveCasing: ERROR,
  emptyContinuationLine: ERROR,
  instructionCasing: ERROR,
  instructionCmdMultiple: ERROR,
  instructionEntrypointMultiple: ERROR,
  instructionHealthcheckMultiple: ERROR,
  instructionJSONInSingleQuotes: ERROR,
  instructionWorkdirRelative: ERROR,
};

const problemsOf = (text: string) =>
  validate(text, everything).map(({ message, range }) => `line ${range.start.line + 1}: ${message}`);

const images = ['gateway', 'game-service', 'mini-app'];
const onNode = ['gateway', 'game-service'];
const pathOf = (name: string): string => fileURLToPath(new URL(`${name}.Dockerfile`, import.meta.url));

it.each(images)('%s has nothing that the linter objects to', (name) => {
  const text = readFileSync(pathOf(name), 'utf8');
  expect(problemsOf(text)).toEqual([]);
  // The same linter, on the same file with a slip in it.
  expect(problemsOf(text.replace('--interval', '--intervall'))).toEqual([
    expect.stringContaining('Unknown flag: intervall'),
  ]);
});

it.each(images)('%s names a version of each base, and no moving `latest`', (name) => {
  const { bases } = readDockerfile(pathOf(name));
  expect(bases).toHaveLength(2);
  for (const base of bases) expect(base).toMatch(/^[\w./-]+:(?!latest$)[\w.-]+$|@sha256:[\da-f]{64}$/);
});

it.each(onNode)(
  '%s takes both bases of one Debian, so that native modules meet the libc that they were installed beside',
  (name) => {
    const [build = '', runtime = ''] = readDockerfile(pathOf(name)).bases;
    const releases = { bookworm: 'debian12', trixie: 'debian13' };
    const built = Object.entries(releases).filter(([release]) => build.includes(release));
    expect(built.map(([, number]) => runtime.includes(number))).toEqual([true]);
  },
);

it.each(onNode)('%s builds with the same major version of Node as it runs on', (name) => {
  const [build = '', runtime = ''] = readDockerfile(pathOf(name)).bases;
  const major = /^node:(\d+)\./.exec(build)?.[1] ?? 'none';
  expect(runtime).toContain(`/nodejs${major}-`);
});

it.each(onNode)('%s runs as a user that is told by number and is not root, and ends on SIGTERM', (name) => {
  const { user, stopSignal, entrypoint } = readDockerfile(pathOf(name));
  expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(stopSignal).toBe('SIGTERM');
  // A list, so that the program itself gets the signal and not a shell.
  expect(entrypoint).toEqual(['/nodejs/bin/node', expect.stringMatching(/cli\.js$/)]);
});

it('the Mini App is served by no root, and nginx lets answers end at its stop', () => {
  const { user, stopSignal, exposed } = readDockerfile(pathOf('mini-app'));
  expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(stopSignal).toBe('SIGQUIT');
  expect(exposed).toEqual([8080]);
});

it.each(images)('%s copies what is there, and lets its context have it', (name) => {
  const ignored = readFileSync(`${pathOf(name)}.dockerignore`, 'utf8').split('\n');
  const copied = [...readFileSync(pathOf(name), 'utf8').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
    ([, sources = '']) => sources.split(' '),
  );
  expect(copied.length).toBeGreaterThan(5);
  for (const source of copied) {
    expect([source, existsSync(join(repository, source))]).toEqual([source, true]);
    const allowed = ignored.some(
      (line) => line.startsWith('!') && `${source}/`.startsWith(`${line.slice(1)}/`),
    );
    expect([source, allowed]).toEqual([source, true]);
  }
});

it.each(images)('%s has the manifest of every package that it is built from', (name) => {
  const [, own = ''] = /--filter '(@artel\/[\w-]+)\.\.\.'/.exec(readFileSync(pathOf(name), 'utf8')) ?? [];
  const folders = ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(repository, group)).map((name) => `${group}/${name}`),
  );
  const manifests = new Map(
    folders.map((folder) => {
      const json = JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8'));
      return [String(json.name), { folder, needs: Object.keys(json.dependencies ?? {}) }];
    }),
  );
  const needed = (name: string): string[] => {
    const found = manifests.get(name);
    return found ? [found.folder, ...found.needs.flatMap(needed)] : [];
  };
  const text = readFileSync(pathOf(name), 'utf8');
  const copied = [...text.matchAll(/^COPY (\S+)\/package\.json \1\/$/gm)].map(([, folder]) => folder);
  expect([...new Set(needed(own))].sort()).toEqual(copied.sort());
});
