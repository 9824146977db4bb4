import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { configuration, secretOf, writeSecrets } from '../../fixtures/alertmanagerSecrets';
import { createProgram, testFolder } from '../../fixtures/runProgram';

describe('the command that prepares Alertmanager’s configuration', () => {
  let folder = '';
  let program = '';
  let out = '';
  beforeEach(() => {
    folder = testFolder();
    program = join(folder, 'alertmanager');
    writeFileSync(program, '#!/bin/sh\necho "alertmanager, version 0.25.0 (branch: x)"\n', { mode: 0o755 });
    out = join(folder, 'out.yml');
  });

  const run = (...args: readonly string[]) =>
    createProgram().run('alertmanager', '--source', configuration, ...args);

  it('writes a file that only its owner reads, over an older one too', async () => {
    writeSecrets(folder);
    writeFileSync(out, 'old', { mode: 0o644 });
    expect(await run('--secrets', folder, '--out', out, '--program', program)).toMatchObject({
      code: 0,
      complaint: '',
      said: expect.stringContaining(`wrote ${out} for Alertmanager 0.25`),
    });
    expect(readFileSync(out, 'utf8')).toContain(`bot_token: ${secretOf('telegram_bot_token')}`);
    expect(statSync(out).mode & 0o777).toBe(0o600);
  });

  it('writes nothing when a secret is missing, unless it may be left out', async () => {
    writeSecrets(folder);
    rmSync(join(folder, 'pagerduty_routing_key'));
    const args = ['--secrets', folder, '--out', out, '--program', program];
    expect(await run(...args)).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('pagerduty_routing_key'),
    });
    expect(existsSync(out)).toBe(false);
    expect(await run(...args, '--without-missing')).toMatchObject({
      code: 0,
      complaint: `left out: pagerduty_configs of critical-alerts: no ${folder}/pagerduty_routing_key\n`,
    });
  });

  it('says what is wrong with its options', async () => {
    for (const [args, code, problem] of [
      [['--out', out], 2, '--secrets: expected a folder'],
      [['--secrets', folder], 2, '--out: expected a file'],
      [['--secrets', folder, '--out', configuration], 2, 'expected another file than --source'],
      [['--secrets', folder, '--out', out, '--program', '/none'], 1, '/none does not run'],
    ] as const)
      expect(await run(...args)).toMatchObject({
        code,
        said: '',
        complaint: expect.stringContaining(problem),
      });
  });
});
