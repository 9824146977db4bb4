import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readSecretFiles } from './readSecretFiles';

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'artel-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secret');
  writeFileSync(path, text);
  return path;
}

it('reads what may hold a secret from a file, without the end of its line', () => {
  const env = {
    GAME_PORT: '1',
    DATABASE_URL_FILE: fileOf('postgres://games:secret@db/games\n'),
    AMQP_URL_FILE: '',
  };
  expect(readSecretFiles(env)).toEqual({ ...env, DATABASE_URL: 'postgres://games:secret@db/games' });
});

it('leaves alone what is said by itself', () => {
  expect(readSecretFiles({ REDIS_URL: 'redis://cache' })).toEqual({ REDIS_URL: 'redis://cache' });
});

it('names the variable whose file is wrong, and shows no secret', () => {
  expect(() => readSecretFiles({ AMQP_URL_FILE: '/nowhere/amqp' })).toThrow(
    'AMQP_URL_FILE: /nowhere/amqp cannot be read (ENOENT)',
  );
  const empty = fileOf('\n');
  expect(() => readSecretFiles({ TELEMETRY_SECRET_FILE: empty })).toThrow(`${empty} is empty`);
  const both = { REDIS_URL: 'redis://:password@cache', REDIS_URL_FILE: fileOf('redis://other') };
  expect(() => readSecretFiles(both)).toThrow('REDIS_URL and REDIS_URL_FILE are both set');
  expect(() => readSecretFiles(both)).not.toThrow('password');
});
