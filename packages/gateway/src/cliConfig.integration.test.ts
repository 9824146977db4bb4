import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ended, launch, requireBuild, started } from '../fixtures/cli';
import { fileOf, post, STEADY, tempDir } from '../fixtures/gateway';

beforeAll(requireBuild);

const tenants = (key: string): string =>
  `tenants: [{ app: a, environment: b, key: ${key}, readToken: a-token-to-be-masked }]\n${STEADY}`;

describe('artel-gateway check-config', () => {
  it('gives each problem of a file a line, and ends with 1', async () => {
    const path = fileOf('port: many\norgins: []\nsecret: hunter2\n');
    const { code, stdout, stderr } = await ended(launch({}, ['check-config', path]));
    expect(code).toBe(1);
    expect(stdout).toBe('');
    // The variable of the test stands over the file's port.
    expect(stderr.split('\n')).toEqual([
      'artel-gateway: secret: expected at least 32 characters, got 7',
      'artel-gateway: orgins: unknown field, did you mean origins?',
      '',
    ]);
  });

  it('tells what a file comes to, without its secrets, and ends with 0', async () => {
    const path = fileOf(tenants('pk_a_b_0001'));
    for (const run of [
      () => launch({}, ['check-config', path]),
      () => launch({ GATEWAY_CONFIG: path }, ['check-config']),
    ]) {
      const { code, stdout, stderr } = await ended(run());
      expect(stderr).toBe('');
      expect(code).toBe(0);
      expect(stdout).toContain('id: a/b');
      expect(stdout).toContain('(set, 20 characters)');
      expect(stdout).not.toContain('to-be-masked');
    }
  });
});

describe('artel-gateway', () => {
  it('reads its configuration again on SIGHUP, and goes on with the old one when the new one is wrong', async () => {
    const path = fileOf(tenants('pk_first_key'));
    const child = launch({ GATEWAY_CONFIG: path, DATA_DIR: tempDir(), LOG_LEVEL: 'error' });
    const { url } = await started(child);
    let log = '';
    child.stdout?.on('data', (chunk) => {
      log += String(chunk);
    });
    const statusFor = async (key: string): Promise<number> =>
      (await post(url, { key, metrics: [{ name: 'shots' }] })).status;
    expect([await statusFor('pk_first_key'), await statusFor('pk_other_key')]).toEqual([202, 401]);

    writeFileSync(path, 'tenants: 5\n');
    child.kill('SIGHUP');
    while (!log.includes('tenants: expected a list of tenants, got 5')) await sleep(20);
    expect(await statusFor('pk_first_key')).toBe(202);

    writeFileSync(path, tenants('pk_other_key'));
    child.kill('SIGHUP');
    while ((await statusFor('pk_other_key')) !== 202) await sleep(20);
    expect(await statusFor('pk_first_key')).toBe(401);

    const end = once(child, 'close');
    child.kill('SIGTERM');
    expect((await end)[0]).toBe(0);
  });

  it('names the private port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const address = taken.address();
    const port = String(typeof address === 'object' ? address?.port : address);
    const { code, stderr } = await ended(launch({ GATEWAY_ADMIN_PORT: port, DATA_DIR: tempDir() }));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^artel-gateway: GATEWAY_ADMIN_PORT: port \d+ on 127\.0\.0\.1 is in use/);
  });
});
