import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { secrets, writeSecrets } from '../../../../observability/src/alerting/alertmanager.fixture';
import { runPrepare } from './runPrepare';

describe('the command that prepares Alertmanager’s configuration', () => {
  let folder = '';
  let program = '';
  let out = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'artel-prepare-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    program = join(folder, 'alertmanager');
    writeFileSync(program, '#!/bin/sh\necho "alertmanager, version 0.25.0 (branch: x)"\n', { mode: 0o755 });
    out = join(folder, 'out.yml');
  });

  function run(...args: readonly string[]) {
    const printed: string[] = [];
    const complained: string[] = [];
    const code = runPrepare(args, {
      print: (text) => void printed.push(text),
      complain: (text) => void complained.push(text),
    });
    return { code, out: printed.join(''), err: complained.join('') };
  }

  it('writes a file that only its owner reads, over an older one too', () => {
    writeSecrets(folder);
    writeFileSync(out, 'old', { mode: 0o644 });
    expect(run('--secrets', folder, '--out', out, '--program', program)).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining(`wrote ${out} for Alertmanager 0.25`),
    });
    expect(readFileSync(out, 'utf8')).toContain(`bot_token: ${secrets.telegram_bot_token}`);
    expect(statSync(out).mode & 0o777).toBe(0o600);
  });

  it('writes nothing when a secret is missing, unless it may go without', () => {
    writeSecrets(folder);
    rmSync(join(folder, 'pagerduty_routing_key'));
    const args = ['--secrets', folder, '--out', out, '--program', program];
    expect(run(...args)).toMatchObject({ code: 1, err: expect.stringContaining('pagerduty_routing_key') });
    expect(existsSync(out)).toBe(false);
    expect(run(...args, '--without-missing')).toMatchObject({
      code: 0,
      err: `left out: pagerduty_configs of critical-alerts: no ${folder}/pagerduty_routing_key\n`,
    });
  });

  it('says what is wrong with its options', () => {
    expect(run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--without-missing') });
    for (const [args, problem] of [
      [['--out', out], '--secrets: expected a folder'],
      [['--secrets', folder], '--out: expected a file'],
      [['--secrets', folder, '--out', out, '--source', out], 'is what is read'],
      [['--secrets', folder, '--out', out, '--program', '/none'], '/none does not run'],
      [['--colour'], '--colour'],
    ] as const)
      expect(run(...args)).toMatchObject({ code: 1, out: '', err: expect.stringContaining(problem) });
  });
});
