import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  isUsage,
  readAsked,
  readCommandLine,
  readFormat,
  readLabels,
  readListener,
  readStoreOptions,
} from './commandLine';

it('reads a question with its parameters', () => {
  const args = 'ask slow-requests --since 1h --service a --service b --threshold-ms 5 --format json';
  const line = readCommandLine(args.split(' '));
  expect(line).toMatchObject({ command: 'ask', rest: ['slow-requests'] });
  expect(readAsked(line)).toEqual({ service: ['a', 'b'], thresholdMs: '5' });
  expect(readFormat(line)).toBe('json');
});

it('keeps a week and a GiB in .data/logs, unless told otherwise', () => {
  const usual = { folder: '.data/logs', keepMs: 604_800_000, maxBytes: 2 ** 30 };
  expect(readStoreOptions(readCommandLine(['stats']), {})).toEqual(usual);
  expect(readStoreOptions(readCommandLine(['stats']), { ARTEL_LOGS_DATA: '/logs' }).folder).toBe('/logs');
  const given = readCommandLine(['stats', '--data', '/d', '--keep', '12h', '--max-bytes', '64MiB']);
  expect(readStoreOptions(given, {})).toEqual({ folder: '/d', keepMs: 43_200_000, maxBytes: 2 ** 26 });
});

it('labels what it collects', () => {
  const line = readCommandLine(['collect', '-', '--environment', 'staging', '--service', 'game']);
  expect(readLabels(line, 'stdin')).toEqual({
    job: 'stdin',
    environment: 'staging',
    service: 'game',
    service_name: 'game',
  });
});

it('listens to this machine alone, or to who has the token', () => {
  const folder = mkdtempSync(join(tmpdir(), 'artel-logs-token-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'token');
  writeFileSync(file, 'a-token-of-16-characters\n');
  expect(readListener(readCommandLine(['serve']), {})).toEqual({
    host: '127.0.0.1',
    port: 3110,
    token: undefined,
  });
  const open = ['serve', '--host', '0.0.0.0'];
  expect(() => readListener(readCommandLine(open), {})).toThrow(
    '--host 0.0.0.0: expected loopback, or a token',
  );
  expect(readListener(readCommandLine([...open, '--token-file', file]), {})).toMatchObject({
    token: 'a-token-of-16-characters',
  });
  expect(() => readListener(readCommandLine(open), { ARTEL_LOGS_TOKEN: 'short' })).toThrow(
    'the token has 5 characters, and must have at least 16',
  );
});

it.each([
  [() => readCommandLine(['ask', '--nonsense']), '--nonsense'],
  [
    () => readStoreOptions(readCommandLine(['stats', '--keep', 'long']), {}),
    '--keep: expected a time such as 15m',
  ],
  [() => readStoreOptions(readCommandLine(['stats', '--max-bytes', '1']), {}), '--max-bytes: expected 64KiB'],
  [
    () => readListener(readCommandLine(['serve', '--port', '65536']), {}),
    '--port: expected 0 to 65535, got "65536"',
  ],
  [
    () => readFormat(readCommandLine(['ask', '--format', 'xml'])),
    '--format: expected text or json, got "xml"',
  ],
  [
    () => readLabels(readCommandLine(['collect', '--service', 'a', '--service', 'b']), 'x'),
    '--service: expected it once',
  ],
])('refuses what does not do, by its name (%#)', (read, message) => {
  let thrown: unknown;
  try {
    read();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ message: expect.stringContaining(message) });
  expect(isUsage(thrown)).toBe(true);
});
