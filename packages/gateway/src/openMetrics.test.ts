import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPOSITION_TYPE, type ExposedFamily, exposition } from './exposition';
import { expositionFor, OPEN_METRICS_TYPE, openMetrics } from './openMetrics';

const traceId = 'a'.repeat(32);

function counter(name: string, extra: Partial<ExposedFamily> = {}): ExposedFamily {
  return { name, kind: 'counter', help: 'Shots.', series: [{ labels: [['page', '/']], value: 3 }], ...extra };
}

const histogram: ExposedFamily = {
  name: 'load_ms',
  kind: 'histogram',
  help: 'Load.',
  series: [
    {
      labels: [['page', '/']],
      bounds: [0.5, 10, 1e21],
      counts: [1, 2, 0, 1],
      sum: 562,
      count: 4,
      created: 1_700_000_000_250,
      exemplars: new Map([[1, { traceId, value: 7.5, at: 1_700_000_001_500 }]]),
    },
  ],
};

/** Samples by name and labels, of either format; numbers in `le` by their value, as Prometheus 3 compares them. */
function samples(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [, name = '', value = ''] = /^(\S+?(?:\{.*?\})?) (\S+)(?: # .*)?$/.exec(line) ?? [];
      return [name.replace(/le="([\d.e+]+)"/, (_, bound) => `le="${Number(bound)}"`), value];
    }),
  );
}

describe('OpenMetrics', () => {
  it('names a counter without _total, and its sample with it, its beginning and its exemplar', () => {
    const series = [
      {
        labels: [['page', '/']] as const,
        value: 3,
        created: 1_500,
        exemplar: { traceId, value: 1, at: 2_000 },
      },
    ];
    expect(openMetrics([counter('shots_total', { series })])).toBe(
      [
        '# TYPE shots counter',
        '# HELP shots Shots.',
        `shots_total{page="/"} 3 # {trace_id="${traceId}"} 1 2`,
        'shots_created{page="/"} 1.5',
        '# EOF',
        '',
      ].join('\n'),
    );
  });

  it('shows a histogram with canonical bounds, and each exemplar on the bucket that it fell into', () => {
    expect(openMetrics([histogram])).toBe(
      [
        '# TYPE load_ms histogram',
        '# HELP load_ms Load.',
        'load_ms_bucket{page="/",le="0.5"} 1',
        `load_ms_bucket{page="/",le="10.0"} 3 # {trace_id="${traceId}"} 7.5 1700000001.5`,
        'load_ms_bucket{page="/",le="1e+21"} 3',
        'load_ms_bucket{page="/",le="+Inf"} 4',
        'load_ms_count{page="/"} 4',
        'load_ms_sum{page="/"} 562',
        'load_ms_created{page="/"} 1700000000.25',
        '# EOF',
        '',
      ].join('\n'),
    );
  });

  it('writes bounds like Go', () => {
    const bounds = [0, 0.00001, 0.0001, 0.5, 1, 10, 2_500, 100_000, 1_000_000, 1_048_576, 67_108_864, 1e21];
    const series = [{ labels: [], bounds, counts: [], sum: 0, count: 0 }];
    const text = openMetrics([{ name: 'x', kind: 'histogram', help: 'X.', series }]);
    // fmt.Println(strconv.FormatFloat(bound, 'g', -1, 64)), with .0 where that has neither point nor exponent.
    expect([...text.matchAll(/le="(.*?)"/g)].map(([, le]) => le)).toEqual(
      '0.0 1e-05 0.0001 0.5 1.0 10.0 2500.0 100000.0 1e+06 1.048576e+06 6.7108864e+07 1e+21 +Inf'.split(' '),
    );
  });

  it('says nothing of a beginning that nobody knows', () => {
    expect(openMetrics([counter('shots_total')])).not.toContain('_created');
  });

  it('shows every sample under the name and with the value that the Prometheus text gives it', () => {
    const name = fc.constantFrom(
      'a',
      'a_total',
      'a_created',
      'b',
      'b_total',
      'b_total_total',
      '_total',
      'load_ms_total',
    );
    fc.assert(
      fc.property(fc.uniqueArray(name), fc.boolean(), (names, created) => {
        const series = [{ labels: [['page', '/']] as const, value: 3, ...(created ? { created: 5 } : {}) }];
        const families = [...names.map((one) => counter(one, { series })), histogram];
        const text = openMetrics(families);
        const shown = samples(text);
        for (const [sample, value] of samples(exposition(families)))
          expect([sample, shown.get(sample)]).toEqual([sample, value]);
        const described = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, family]) => family);
        expect(new Set(described).size).toBe(described.length);
        expect(new Set(shown.keys()).size).toBe(text.split('\n').filter((line) => /^[^#]/.test(line)).length);
      }),
    );
  });

  it('escapes quotes in the help too', () => {
    expect(openMetrics([counter('shots_total', { help: 'a\\b\n"c"' })])).toContain(
      '# HELP shots a\\\\b\\n\\"c\\"\n',
    );
  });
});

describe('the format of an exposition', () => {
  const families = [counter('shots_total')];

  it.each([
    [
      'what Prometheus 2 asks',
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    ],
    [
      'what Prometheus 3 asks',
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
    ],
    ['the type alone', 'Application/OpenMetrics-Text'],
  ])('is OpenMetrics for %s', (_, accept) => {
    expect(expositionFor(accept, families)).toEqual({ type: OPEN_METRICS_TYPE, body: openMetrics(families) });
  });

  it.each([
    ['nothing', undefined],
    ['anything', '*/*'],
    ['a browser', 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8'],
    ['a version that is not spoken', 'application/openmetrics-text;version=2.0.0'],
    ['what would rather have text', 'application/openmetrics-text;version=1.0.0;q=0.1,text/plain;q=0.9'],
    ['what refuses it', 'application/openmetrics-text;q=0'],
  ])('is the Prometheus text for %s', (_, accept) => {
    expect(expositionFor(accept, families)).toEqual({ type: EXPOSITION_TYPE, body: exposition(families) });
  });
});
