import { spawnSync } from 'node:child_process';
import { browserCatalogue } from '@artel/telemetry-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from './clock';
import { type ExposedFamily, exposition } from './exposition';
import { createOwnMetrics } from './ownMetrics';
import { knownFamily, unknownFamily } from './resolveMetric';
import { createSeries, type Family, type LabelPair } from './series';

const promtool = process.env['PROMTOOL_PATH'] ?? 'promtool';
const withoutPromtool = spawnSync(promtool, ['--version']).status !== 0 && !process.env['CI'];

function exposed(family: Family, labels: readonly LabelPair[] = [], values = [1, 300, 1e7]): ExposedFamily {
  return { ...family, series: [createSeries(family, labels, values)] };
}

function checkMetrics(text: string): { status: number | null; findings: string[] } {
  const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  return { status, findings: `${stdout}${stderr}`.split('\n').filter((line) => line !== '') };
}

describe('the Prometheus text', () => {
  it('shows a histogram by cumulative buckets that end in the count', () => {
    const family: Family = { ...unknownFamily('load_ms', 'histogram'), help: 'Load.', buckets: [10, 100] };
    expect(exposition([exposed(family, [['page', '/']], [5, 7, 50, 500])])).toBe(
      [
        '# HELP load_ms Load.',
        '# TYPE load_ms histogram',
        'load_ms_bucket{page="/",le="10"} 2',
        'load_ms_bucket{page="/",le="100"} 3',
        'load_ms_bucket{page="/",le="+Inf"} 4',
        'load_ms_sum{page="/"} 562',
        'load_ms_count{page="/"} 4',
        '',
      ].join('\n'),
    );
  });

  it('escapes backslash, newline and quote in label values, and the first two in help', () => {
    const family: Family = { ...unknownFamily('a_total', 'counter'), help: 'a\\b\n"c"' };
    const text = exposition([exposed(family, [['l', 'x\\y\n"z"']], [1])]);
    expect(text).toContain('# HELP a_total a\\\\b\\n"c"\n');
    expect(text).toContain('a_total{l="x\\\\y\\n\\"z\\""} 1\n');
  });

  it('is sorted by name and labels whatever the order of arrival', () => {
    const names = ['b_total', 'a_total', 'c_total'];
    const family = (name: string): ExposedFamily => {
      const one = unknownFamily(name, 'counter');
      return { ...one, series: ['z', 'y', 'x'].map((value) => createSeries(one, [['l', value]], [1])) };
    };
    const forwards = exposition(names.map(family));
    expect(exposition([...names].reverse().map(family))).toBe(forwards);
    expect([...forwards.matchAll(/^\w+\{l="(\w)"\}/gm)].map(([, value]) => value).join('')).toBe('xyzxyzxyz');
  });

  it('says nothing of a family that has no series', () => {
    expect(exposition([{ ...unknownFamily('a_total', 'counter'), series: [] }])).not.toContain('a_total');
  });

  it.skipIf(withoutPromtool)(
    'passes promtool, but for the abbreviated unit in the names that the contract fixes',
    () => {
      const known = [...browserCatalogue.values()].map((definition) =>
        exposed(knownFamily(definition), [['page', '/']]),
      );
      const gauges = {
        series: () => 1,
        seriesByMetric: () => [{ labels: [['metric', 'a_total'] as const], value: 1 }],
        queueRecords: () => 0,
        tenants: () => 1,
        producers: () => 0,
        storeBytes: () => 0,
        storeMaxBytes: () => 2 ** 30,
      };
      const own = createOwnMetrics(gauges, systemClock).families();
      const { findings } = checkMetrics(exposition([...known, ...own]));
      const abbreviated = [...browserCatalogue.keys()].filter((name) => name.endsWith('_ms')).sort();
      expect(findings.sort()).toEqual(
        abbreviated.map((name) => `${name} metric names should not contain abbreviated units`),
      );
    },
  );

  it.skipIf(withoutPromtool)('is parsed by promtool whatever the label values are', () => {
    const family = { ...unknownFamily('shots_total', 'counter'), help: 'Shots.' };
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1, maxLength: 20 }),
        (values) => {
          const series = [...new Set(values)].map((value) => createSeries(family, [['l', value]], [1]));
          expect(checkMetrics(exposition([{ ...family, series }]))).toEqual({ status: 0, findings: [] });
        },
      ),
      { numRuns: 20 },
    );
  });
});
