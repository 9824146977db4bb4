import { readFileSync } from 'node:fs';
import { ValidationSeverity, type ValidatorSettings, validate } from 'dockerfile-utils';
import { expect, it } from 'vitest';
import { dockerfilePath, readDockerfile } from './readDockerfile';

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

it('the gateway’s Dockerfile has nothing that the linter objects to', () => {
  const text = readFileSync(dockerfilePath, 'utf8');
  expect(problemsOf(text)).toEqual([]);
  // The same linter, on the same file with a slip in it.
  expect(problemsOf(text.replace('--interval', '--intervall'))).toEqual([
    expect.stringContaining('Unknown flag: intervall'),
  ]);
});

it('names a version of each base, and no moving `latest`', () => {
  const { bases } = readDockerfile();
  expect(bases).toHaveLength(2);
  for (const base of bases) expect(base).toMatch(/^[\w./-]+:(?!latest$)[\w.-]+$|@sha256:[\da-f]{64}$/);
});

it('takes both bases of one Debian, so that native modules meet the libc that they were installed beside', () => {
  const [build = '', runtime = ''] = readDockerfile().bases;
  const releases = { bookworm: 'debian12', trixie: 'debian13' };
  const built = Object.entries(releases).filter(([release]) => build.includes(release));
  expect(built.map(([, number]) => runtime.includes(number))).toEqual([true]);
});

it('builds with the same major version of Node as it runs on', () => {
  const [build = '', runtime = ''] = readDockerfile().bases;
  const major = /^node:(\d+)\./.exec(build)?.[1] ?? 'none';
  expect(runtime).toContain(`/nodejs${major}-`);
});

it('runs as a user that is told by number and is not root, and ends on SIGTERM', () => {
  const { user, stopSignal, entrypoint } = readDockerfile();
  expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(stopSignal).toBe('SIGTERM');
  // A list, so that the gateway itself gets the signal and not a shell.
  expect(entrypoint).toEqual(['/nodejs/bin/node', expect.stringMatching(/cli\.js$/)]);
});
