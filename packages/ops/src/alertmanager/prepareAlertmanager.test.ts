import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configuration, secretNames, secretOf, writeSecrets } from '../../fixtures/alertmanagerSecrets';
import { testFolder } from '../../fixtures/runProgram';
import { alertmanagerVersion, prepareAlertmanager } from './prepareAlertmanager';

function secretsFolder(): string {
  const folder = testFolder();
  writeSecrets(folder);
  return folder;
}

describe('preparing Alertmanager’s configuration', () => {
  it('reads in place what an older one cannot read from files, and points to the rest', () => {
    const secrets = secretsFolder();
    const { text, leftOut } = prepareAlertmanager({
      source: configuration,
      secrets,
      version: [0, 25],
      missing: 'refuse',
    });
    expect(leftOut).toEqual([]);
    const { global, receivers, templates } = parse(text);
    const of = (name: string) => receivers.find((one: { name: string }) => one.name === name);
    expect(global).toMatchObject({ smtp_auth_password: secretOf('smtp_auth_password') });
    expect(global).not.toHaveProperty('smtp_auth_password_file');
    expect(of('critical-alerts').pagerduty_configs[0].routing_key_file).toBe(
      join(secrets, 'pagerduty_routing_key'),
    );
    expect(of('critical-alerts').telegram_configs[0]).toMatchObject({
      bot_token: secretOf('telegram_bot_token'),
    });
    expect(of('dead-mans-switch').webhook_configs[0]).toMatchObject({
      url: secretOf('dead_mans_switch_url'),
    });
    expect(of('security-team').slack_configs[0]).toMatchObject({
      channel: '#security-alerts',
      api_url_file: join(secrets, 'slack_security_url'),
      title: of('critical-alerts').slack_configs[0].title,
    });
    expect(templates).toEqual([join(configuration, '../templates/*.tmpl')]);
  });

  it('keeps every secret in its file for a newer one', () => {
    const secrets = secretsFolder();
    const { text } = prepareAlertmanager({
      source: configuration,
      secrets,
      version: [0, 28],
      missing: 'refuse',
    });
    expect(secretNames.length).toBeGreaterThanOrEqual(6);
    for (const name of secretNames) {
      expect(text).toContain(join(secrets, name));
      expect(text).not.toContain(readFileSync(join(secrets, name), 'utf8').trim());
    }
  });

  it('names every secret that is missing', () => {
    const secrets = secretsFolder();
    rmSync(join(secrets, 'telegram_bot_token'));
    rmSync(join(secrets, 'slack_security_url'));
    expect(() =>
      prepareAlertmanager({ source: configuration, secrets, version: [0, 28], missing: 'refuse' }),
    ).toThrow(
      `secrets are missing:\n  telegram_configs of critical-alerts: no ${secrets}/telegram_bot_token\n  slack_configs of security-team: no ${secrets}/slack_security_url`,
    );
  });

  it('goes without what has no secret when it may, and says so', () => {
    const { text, leftOut } = prepareAlertmanager({
      source: configuration,
      secrets: testFolder(),
      version: [0, 25],
      missing: 'leave out',
    });
    const { global, receivers, route } = parse(text);
    expect(global).not.toHaveProperty('smtp_auth_password_file');
    expect(receivers.map((one: object) => Object.keys(one))).toEqual(receivers.map(() => ['name']));
    expect(route).toEqual(parse(readFileSync(configuration, 'utf8'), { merge: true }).route);
    expect(leftOut).toHaveLength(10);
    expect(leftOut[0]).toMatch(/^email_configs of default: no .*smtp_auth_password$/);
  });

  it('refuses an empty secret, a broken file, and an Alertmanager that is too old', () => {
    const secrets = secretsFolder();
    const prepare = (source: string, version: readonly [number, number]) => () =>
      prepareAlertmanager({ source, secrets, version, missing: 'refuse' });
    expect(prepare(configuration, [0, 24])).toThrow('must be 0.25 or newer, and is 0.24');
    writeFileSync(join(secrets, 'telegram_bot_token'), '\n');
    expect(prepare(configuration, [0, 25])).toThrow(`${secrets}/telegram_bot_token must hold a secret`);
    const broken = join(testFolder(), 'broken.yml');
    writeFileSync(broken, 'receivers: {');
    expect(prepare(broken, [0, 25])).toThrow(broken);
    writeFileSync(broken, 'global: {}\nreceivers: {}\n');
    expect(prepare(broken, [0, 25])).toThrow('receivers must be a list');
  });
});

describe('the version of a program', () => {
  it('is told by a real one or by none', () => {
    const folder = testFolder();
    const program = join(folder, 'alertmanager');
    writeFileSync(program, '#!/bin/sh\necho "alertmanager, version 0.31.1 (branch: HEAD)"\n', {
      mode: 0o755,
    });
    expect(alertmanagerVersion(program)).toEqual([0, 31]);
    writeFileSync(program, '#!/bin/sh\necho hello\n', { mode: 0o755 });
    expect(() => alertmanagerVersion(program)).toThrow('says "hello');
    expect(() => alertmanagerVersion(join(folder, 'none'))).toThrow('does not run');
  });
});
