import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alertmanagerVersion, prepareAlertmanager } from '@artel/telemetry-ops';
import { findProgram } from '@artel/test-support/programs/findProgram';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configuration, writeSecrets } from './alertmanager.fixture';

const amtool = findProgram('amtool') ?? '';
const alertmanager = findProgram('alertmanager') ?? '';
const rules = fileURLToPath(new URL('../../prometheus/rules', import.meta.url));

interface Rule {
  readonly alert?: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Every alert of our rules, with the labels that it routes by. */
function ourAlerts(): readonly (readonly [string, Readonly<Record<string, string>>])[] {
  const files = readdirSync(rules).filter((name) => name.endsWith('.yml'));
  const groups = files.flatMap(
    (name): { rules: Rule[] }[] => parse(readFileSync(join(rules, name), 'utf8')).groups,
  );
  return groups.flatMap((group) =>
    group.rules.flatMap(({ alert, labels }) => {
      if (alert === undefined) return [];
      const routed = Object.entries({ alertname: alert, ...labels }).filter(
        ([, value]) => !value.includes('{{'),
      );
      return [[`${alert} ${labels['severity']}`, Object.fromEntries(routed)] as const];
    }),
  );
}

const teams: Readonly<Record<string, readonly string[]>> = {
  security: ['security-team'],
  game: ['game-team'],
  product: ['product-team'],
};

/** Who has to hear of an alert, by the two labels that say so. */
function receiversOf(labels: Readonly<Record<string, string>>): readonly string[] {
  if (labels['alertname'] === 'Watchdog') return ['dead-mans-switch'];
  const critical = labels['severity'] === 'critical' ? ['critical-alerts'] : [];
  const heard = [...critical, ...(teams[labels['team'] ?? ''] ?? [])];
  return heard.length > 0 ? heard : ['default'];
}

describe.skipIf(!amtool || !alertmanager)('the routes of alertmanager.yml', () => {
  const folder = mkdtempSync(join(tmpdir(), 'artel-routes-'));
  const config = join(folder, 'alertmanager.yml');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeAll(() => {
    writeSecrets(folder);
    const version = alertmanagerVersion(alertmanager);
    const { text } = prepareAlertmanager({
      source: configuration,
      secrets: folder,
      version,
      missing: 'refuse',
    });
    writeFileSync(config, text);
  });

  function run(...args: readonly string[]) {
    const { status, stdout, stderr } = spawnSync(amtool, args, { encoding: 'utf8' });
    return { status, said: `${stdout}${stderr}`, lines: stdout.trim() };
  }

  function expectRoute(labels: Readonly<Record<string, string>>, receivers: readonly string[]): void {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    const tested = run(
      'config',
      'routes',
      'test',
      `--config.file=${config}`,
      `--verify.receivers=${receivers.join(',')}`,
      ...pairs,
    );
    expect(tested, pairs.join(' ')).toMatchObject({ status: 0, lines: receivers.join(',') });
  }

  it('are in a file that amtool finds right, with all its templates', () => {
    const { status, said } = run('check-config', config);
    expect(said).toContain('SUCCESS');
    expect(said).toContain(' - 6 receivers');
    expect(status).toBe(0);
  });

  it.each([
    ['severity=critical', ['critical-alerts']],
    ['severity=critical team=platform', ['critical-alerts']],
    ['severity=critical team=security', ['critical-alerts', 'security-team']],
    ['severity=critical team=game', ['critical-alerts', 'game-team']],
    ['severity=critical team=product', ['critical-alerts', 'product-team']],
    ['severity=warning team=security', ['security-team']],
    ['severity=info team=security', ['security-team']],
    ['severity=warning team=game', ['game-team']],
    ['severity=info team=game', ['game-team']],
    ['severity=warning team=product', ['product-team']],
    ['severity=info team=product', ['product-team']],
    ['severity=warning team=platform', ['default']],
    ['severity=info team=platform', ['default']],
    ['severity=warning', ['default']],
    ['severity=unheard-of team=nobody', ['default']],
    ['alertname=SomethingNew', ['default']],
    ['alertname=Watchdog severity=info team=platform service=prometheus', ['dead-mans-switch']],
    ['alertname=Watchdog severity=critical team=security', ['dead-mans-switch']],
  ])('%s reaches %j', (labels, receivers) => {
    expectRoute(Object.fromEntries(labels.split(' ').map((pair) => pair.split('='))), receivers);
  });

  it.each(ourAlerts())('%s reaches who owns it', (_, labels) => {
    expect(labels).toMatchObject({
      severity: expect.stringMatching(/^(?:critical|warning|info)$/),
      team: expect.stringMatching(/^(?:platform|game|product|security)$/),
    });
    expectRoute(labels, receiversOf(labels));
  });
});
