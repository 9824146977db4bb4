import { X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProgram, testFolder } from '../../fixtures/runProgram';
import { makeSecrets } from './makeSecrets';

function open() {
  const folder = testFolder();
  return { folder, read: (name: string) => readFileSync(join(folder, name), 'utf8') };
}

it('makes what both ends of a connection agree upon, and leaves alone what is there', async () => {
  const { folder, read } = open();
  await makeSecrets(folder);
  expect(read('database_url')).toBe(`postgres://artel:${read('postgres_password')}@postgres:5432/artel`);
  const [, redis] = /^requirepass (\S+)\n$/.exec(read('redis.conf')) ?? [];
  expect(JSON.parse(read('redis_exporter.json'))).toEqual({ 'redis://redis:6379': redis });
  expect(read('redis_url')).toBe(`redis://:${redis}@redis:6379`);
  const before = read('postgres_password');
  rmSync(join(folder, 'database_url'));
  expect(await makeSecrets(folder)).toEqual(['database_url']);
  expect(read('postgres_password')).toBe(before);
  expect(read('database_url')).toContain(before);
});

it('lets containers read them, and nobody else of the host', async () => {
  const { folder } = open();
  await makeSecrets(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'grafana.key')).mode & 0o777).toBe(0o444);
});

it('makes a certificate for the names that Grafana is reached by', async () => {
  const { folder, read } = open();
  await makeSecrets(folder, 'grafana.example.com');
  const certificate = new X509Certificate(read('grafana.crt'));
  expect(certificate.checkHost('grafana.example.com')).toBeDefined();
  expect(certificate.checkHost('localhost')).toBeDefined();
  expect(certificate.checkIP('127.0.0.1')).toBeDefined();
  expect(Date.parse(certificate.validTo) - Date.now()).toBeGreaterThan(300 * 86_400_000);
  rmSync(join(folder, 'grafana.key'));
  await expect(makeSecrets(folder)).rejects.toThrow('grafana.key is missing beside');
});

it('is a command that names what it has made, and takes the name of a host', async () => {
  const { folder, read } = open();
  const { run } = createProgram();
  const made = await run('secrets', 'grafana.example.com', '--folder', folder);
  expect(made).toMatchObject({
    code: 0,
    complaint: '',
    said: expect.stringMatching(`^Made in ${folder}: gateway_secret, .*, grafana.key\n$`),
  });
  expect(new X509Certificate(read('grafana.crt')).checkHost('grafana.example.com')).toBeDefined();
  expect(await run('secrets', '--folder', folder)).toMatchObject({ said: 'All secrets are there.\n' });
});
