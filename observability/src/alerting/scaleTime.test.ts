import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseDuration } from '@artel/telemetry-ops';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scaleAlertmanager, scaleExpression, scaleRules } from './scaleTime.fixture';

const observability = fileURLToPath(new URL('../..', import.meta.url));
const rules = `${observability}/prometheus/rules`;

describe('an expression in faster time', () => {
  it.each([
    ['rate(x_total[5m]) > 5', 'rate(x_total[15s]) > 5'],
    [
      'sum by (a) (rate(x{a="5m"}[1h30m] offset 1d)) / 300 # 5m',
      'sum by (a) (rate(x{a="5m"}[270s] offset 72m)) / 300 # 5m',
    ],
    [
      'max_over_time(up[10m:1m] offset -5m) unless up[5m:]',
      'max_over_time(up[30s:3s] offset -15s) unless up[15s:]',
    ],
    ['x:rate5m == bool 1', 'x:rate5m == bool 1'],
    ['rate(x[20ms])', 'rate(x[1ms])'],
  ])('%s', (expression, scaled) => expect(scaleExpression(expression, 20)).toBe(scaled));

  it('has to be PromQL', () => {
    for (const wrong of ['rate(x[5m', 'rate(x[$__rate_interval])', 'sum by (x'])
      expect(() => scaleExpression(wrong, 20)).toThrow(`in ${wrong}`);
  });
});

const LITERAL = /(?<![\w.:"])\d+(?:ms|[ywdhms])(?:\d+(?:ms|[ywdhms]))*(?![\w:]*["(])/g;
const DURATIONS = new Set([
  'for',
  'keep_firing_for',
  'interval',
  'group_wait',
  'group_interval',
  'repeat_interval',
]);

/** The leaves of two parsed files that differ, as `[path, one, other]`. */
function differences(
  one: unknown,
  other: unknown,
  path: readonly string[] = [],
): [string[], unknown, unknown][] {
  if (typeof one === 'object' && one !== null && typeof other === 'object' && other !== null) {
    const before = Object.entries(one);
    const after = new Map(Object.entries(other));
    if (before.length !== after.size) return [[[...path], one, other]];
    return before.flatMap(([key, value]) => differences(value, after.get(key), [...path, key]));
  }
  return Object.is(one, other) ? [] : [[[...path], one, other]];
}

function expectOnlyDurations(before: string, after: string, factor: number): void {
  const found = differences(parse(before, { merge: true }), parse(after, { merge: true }));
  for (const [path, one, other] of found) {
    const field = path.at(-1) ?? '';
    if (field === 'expr') {
      expect(String(other).replace(LITERAL, '#')).toBe(String(one).replace(LITERAL, '#'));
      continue;
    }
    expect(DURATIONS).toContain(field);
    const ms = parseDuration(String(one)) ?? Number.NaN;
    expect(parseDuration(String(other))).toBe(ms === 0 ? 0 : Math.max(1, Math.round(ms / factor)));
  }
}

describe('a file in faster time', () => {
  const files = readdirSync(rules).filter((name) => name.endsWith('.yml'));

  it('is each of ours', () => expect(files.length).toBeGreaterThan(0));

  it.each(files)('differs from %s in durations alone', (name) => {
    const yaml = readFileSync(`${rules}/${name}`, 'utf8');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), (factor) => {
        expectOnlyDurations(yaml, scaleRules(yaml, factor), factor);
      }),
      { numRuns: 5 },
    );
    expect(scaleRules(yaml, 20)).not.toBe(scaleRules(yaml, 1));
  });

  it('differs from alertmanager.yml in waits alone', () => {
    const yaml = readFileSync(`${observability}/alertmanager/alertmanager.yml`, 'utf8');
    const scaled = scaleAlertmanager(yaml, 20);
    expectOnlyDurations(yaml, scaled, 20);
    expect(parse(scaled).route).toMatchObject({
      group_wait: '1500ms',
      group_interval: '15s',
      repeat_interval: '12m',
    });
  });

  it('keeps what a rule says and is named, whatever it looks like', () => {
    const rule = {
      alert: 'Slow5m',
      expr: 'rate(x[5m]) > 1',
      for: '2m',
      labels: { for: '2m', window: '5m' },
      annotations: { summary: 'slow for 2m', interval: '1m', runbook_url: 'https://example.com/5m' },
    };
    const scaled = parse(
      scaleRules(JSON.stringify({ groups: [{ name: '5m', interval: '1m', rules: [rule] }] }), 20),
    );
    expect(scaled).toEqual({
      groups: [{ name: '5m', interval: '3s', rules: [{ ...rule, expr: 'rate(x[15s]) > 1', for: '6s' }] }],
    });
  });

  it('has to be one of rules, with durations, and YAML', () => {
    const soon = { groups: [{ name: 'a', interval: 'soon', rules: [] }] };
    expect(() => scaleRules(JSON.stringify(soon), 20)).toThrow('"soon" must be a duration');
    expect(() => scaleRules('rules: []', 20)).toThrow('groups must be a list');
    expect(() => scaleRules('groups: [', 20)).toThrow();
  });
});
