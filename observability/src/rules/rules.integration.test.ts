import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findProgram } from '@artel/test-support/programs/findProgram';
import { describe, expect, it } from 'vitest';
import {
  type AlertRule,
  type ExpectedAlerts,
  readRules,
  readRuleTests,
  ruleFolder,
  ruleTestFolder,
} from './readRules';

const promtool = findProgram('promtool') ?? 'promtool';
const withoutPromtool = spawnSync(promtool, ['--version']).status !== 0 && !process.env['CI'];
// Several run at once, and each would take all cores for its garbage.
const env = { ...process.env, GOMAXPROCS: '1' };
const run = promisify(execFile);

const { alerts, recordings } = readRules();
const { files, cases } = readRuleTests();

/** The alerts of the seed, each to be found under its name. */
const SEED = [
  ...['HighErrorRate', 'HighResponseTime', 'ServiceDown', 'DatabaseConnectionPool', 'HighMemoryUsage'],
  ...['GameSessionCreationFailure', 'LowUserActivity', 'DiskSpaceLow', 'HighNetworkErrors'],
  ...['HighAuthFailureRate', 'SuspiciousUserActivity'],
];

const places = (folder: URL, names: readonly string[]): string[] =>
  names.map((name) => fileURLToPath(new URL(name, folder)));
const ruleFiles = [...new Set([...alerts, ...recordings].map(({ file }) => file))];

/** Labels that a rule gives as they are, and not by a template. */
function fixedLabels({ labels }: AlertRule): [string, string][] {
  return Object.entries(labels).filter(([, value]) => !value.includes('{{'));
}

function isOf(rule: AlertRule): (alert: Readonly<Record<string, string>>) => boolean {
  return (alert) => fixedLabels(rule).every(([label, value]) => alert[label] === value);
}

const casesOf = ({ alert }: AlertRule): readonly ExpectedAlerts[] =>
  cases.filter((one) => one.alert === alert);
const named = alerts.map((rule) => {
  const { severity, window, seen_by: seenBy } = rule.labels;
  return [[rule.alert, severity, window, seenBy].filter(Boolean).join(' '), rule] as const;
});

describe.skipIf(withoutPromtool)('promtool', () => {
  it('finds nothing wrong with the configuration and its rules', async () => {
    const [config = ''] = places(ruleFolder, ['../prometheus.yml']);
    const { stdout } = await run(promtool, ['check', 'config', config], { env });
    expect(stdout).toContain(`SUCCESS: ${config} is valid prometheus config file syntax`);
    expect(stdout.match(/SUCCESS: (\d+) rules found/g)).toHaveLength(ruleFiles.length);
  });

  it.concurrent.each(files)('sees each alert of %s fire when it should, and only then', async (file) => {
    const outcome = await run(promtool, ['test', 'rules', ...places(ruleTestFolder, [file])], { env }).catch(
      ({ stdout, stderr }) => ({ stdout: `${stdout}${stderr}` }),
    );
    expect(outcome.stdout).toContain('SUCCESS');
    expect(outcome.stdout).not.toContain('FAILED');
  });
});

describe('the alerts', () => {
  it('have every one of the seed among them', () => {
    expect(alerts.map(({ alert }) => alert)).toEqual(expect.arrayContaining(SEED));
  });

  it.each(named)('%s says whom it is for, what is wrong, and where to read on', (_, rule) => {
    const { alert, labels, annotations } = rule;
    expect(['critical', 'warning', 'info']).toContain(labels['severity']);
    expect(['platform', 'game', 'product', 'security']).toContain(labels['team']);
    expect(annotations['summary']).toMatch(/\S/);
    expect(annotations['description']).toMatch(/\S.*\.(?:\{\{ end \}\})?$/);
    expect(annotations['runbook_url']).toBe(
      `https://github.com/artel-billiards/telemetry/blob/main/docs/runbooks/${alert}.md`,
    );
    // A ratio of 0.07 is 7 %, and not 0.07 %.
    expect(annotations['summary'] + (annotations['description'] ?? '')).not.toMatch(/\$value *\}\} ?%/);
  });

  it.each(named)('%s fires in one test at least, and is silent in another', (_, rule) => {
    const own = casesOf(rule);
    expect(own.some(({ firing }) => firing.some(isOf(rule)))).toBe(true);
    // What always fires is silent in none.
    if (rule.expr !== 'vector(1)') expect(own.some(({ firing }) => firing.length === 0)).toBe(true);
  });
});

describe('the expressions', () => {
  it('record nothing twice', () => {
    const names = recordings.map(({ record }) => record);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('count errors of the objective from what is recorded each 15 seconds', () => {
    const source = recordings.find(({ record }) => record === 'service:http_request_errors:rate5m');
    expect(source?.interval).toBe('15s');
    for (const { expr } of alerts.filter(({ alert }) => alert === 'ErrorBudgetBurn')) {
      expect(expr).toMatch(/sum_over_time\(service:http_request_errors:rate5m\[\w+\]\) \* 15 >= 10/);
    }
  });
});
