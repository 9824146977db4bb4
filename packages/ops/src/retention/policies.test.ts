import { expect, it } from 'vitest';
import { policiesText, policyFile } from '../../fixtures/policiesText';
import { PolicyError, parsePolicies, readPolicies } from './readPolicies';

const file = policyFile;
const text = policiesText;

function problemsOf(changed: string): readonly string[] {
  try {
    parsePolicies(changed);
    return [];
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
}

/** The policies with one place changed, which has to be there. */
function change(from: string | RegExp, to: string): string {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${from} is not in the policies`);
  return changed;
}

it('reads the policies of the house', () => {
  const { retention_policies, cleanup } = readPolicies(file);
  expect(retention_policies.logs['security']?.deletion).toBe(2_555 * 86_400_000);
  expect(retention_policies.logs['errors']?.streams).toEqual({ label: 'level', values: ['error', 'fatal'] });
  expect(retention_policies.traces.traces.sampling_rate).toBe(0.1);
  expect(cleanup.max_clock_skew).toBe(60_000);
});

it.each([
  [
    'a duration that is none',
    change('hot_tier: 7d', 'hot_tier: 7 days'),
    /^retention_policies\.logs\.application\.hot_tier: expected a duration such as 15s, 90d or 2y, got "7 days"$/,
  ],
  [
    'a number for a duration',
    change('warm_tier: 30d', 'warm_tier: 30'),
    /logs\.application\.warm_tier: expected a duration .*, got 30$/,
  ],
  [
    'a missing field',
    change('      cold_tier: 90d\n', ''),
    /logs\.application\.cold_tier: missing, expected a duration/,
  ],
  [
    'a field that is none',
    change('hot_tier: 7d', 'hot_tier: 7d\n      hot: 1d'),
    /logs\.application\.hot: unknown field$/,
  ],
  [
    'less than Loki can keep',
    change('deletion: 90d', 'deletion: 12h'),
    /logs\.access\.deletion: expected 24h or more, the least that Loki can keep, got "12h"/,
  ],
  [
    'tiers in disorder',
    change('warm_tier: 60d', 'warm_tier: 14d'),
    /^logs\.errors\.warm_tier: 14d is no longer than hot_tier \(14d\), expected it to end later$/,
  ],
  [
    'a deletion before the cold tier ends',
    change('deletion: 90d', 'deletion: 30d'),
    /^logs\.access\.deletion: 30d is no longer than cold_tier \(30d\)/,
  ],
  [
    'a rate above 1',
    change('sampling_rate: 0.1', 'sampling_rate: 10'),
    /traces\.traces\.sampling_rate: expected a share of the traces from 0 to 1, got 10/,
  ],
  [
    'a level that is kept for less than raw samples',
    change(
      'retention: 1y\n      downsampling:\n        - { resolution: 1h, retention: 2y }',
      'retention: 2y\n      downsampling:\n        - { resolution: 1h, retention: 1y }',
    ),
    /^metrics\.business\.downsampling\[0\]\.retention: 1y is no longer than that of the raw samples \(2y\)/,
  ],
  [
    'a level that is finer than the one before',
    change('resolution: 5m', 'resolution: 30s'),
    /metrics\.high_resolution\.downsampling\[1\]\.resolution: 30s is no coarser than the level of 1m/,
  ],
  [
    'a level that raw samples do not last for',
    change('resolution: 1h, retention: 1y', 'resolution: 7d, retention: 1y'),
    /downsampling\[2\]\.resolution: 7d needs raw samples of 14d, retention keeps 7d/,
  ],
  [
    'a metric that there is not',
    change('game_revenue_rubles', 'game_revenue'),
    /metrics\.business\.series\[5\]: game_revenue is in no catalogue/,
  ],
  [
    'a metric in two policies',
    change('        - user_action_total\n', '        - game_event_total\n'),
    /series\[1\]: game_event_total belongs to metrics\.business\.series\[0\] already/,
  ],
  [
    'no policy for the rest',
    change('series: rest', 'series: [frontend_error_total]'),
    /^metrics: no policy has series: rest/,
  ],
  [
    'levels of what no catalogue has',
    change(
      'series: recorded\n      retention: 90d',
      'series: recorded\n      retention: 90d\n      downsampling: [{ resolution: 1h, retention: 1y }]',
    ),
    /metrics\.recorded\.downsampling: only metrics of the catalogue can be downsampled/,
  ],
  [
    'levels by name of what no rule records',
    change('series: rest\n', 'series: rest\n      levels: [{ resolution: 1h, retention: 1y }]\n'),
    /metrics\.infrastructure\.levels: only recorded series are levels/,
  ],
  [
    'levels in disorder',
    change(
      'resolution: 5m, retention: 90d }\n        - { resolution: 1h, retention: 1y }\n        - { resolution: 1d',
      'resolution: 5m, retention: 20d }\n        - { resolution: 1h, retention: 1y }\n        - { resolution: 1d',
    ),
    /metrics\.recorded\.levels\[1\]: expected it to be coarser/,
  ],
  [
    'streams of two labels',
    change('{ category: [security] }', '{ category: [security], level: [warn] }'),
    /logs\.security\.streams: expected one label with the values/,
  ],
  [
    'two policies for the rest',
    change('      streams: { category: [security] }\n', ''),
    /^logs: 2 policies have no streams, expected exactly one/,
  ],
  [
    'shares that are no whole',
    change('volume_share: 0.6', 'volume_share: 0.5'),
    /^logs\.\*\.volume_share come to 0\.9 together, expected 1$/,
  ],
  [
    'one tenant for both',
    change('tenant: error-traces', 'tenant: traces'),
    /traces\.error_traces\.tenant: traces is that of traces too/,
  ],
  [
    'a codec that Loki has not',
    change('algorithm: lz4', 'algorithm: brotli'),
    /compression\.algorithm: expected one of none, gzip, .*, got "brotli"/,
  ],
  [
    'a price below nothing',
    change('0.15', '-0.15'),
    /storage_tiers\.hot\.cost_per_gb_month: expected dollars, 0 or more, got -0\.15/,
  ],
  [
    'sums that are none',
    change('total_monthly: 830', 'total_monthly: 800'),
    /total_monthly: 800 is not the sum of the three/,
  ],
  ['no YAML', `${text}\n  : [`, /^no YAML at line \d+, column \d+/],
  ['nothing', '', /expected .*, got nothing/],
])('says what is wrong with %s, and where', (_, changed, message) => {
  const problems = problemsOf(changed);
  expect(
    problems.some((problem) => message.test(problem)),
    problems.join('\n'),
  ).toBe(true);
});

it('names the file where it cannot be read', () => {
  expect(() => readPolicies('nowhere.yml')).toThrow('nowhere.yml: cannot be read (ENOENT)');
});
