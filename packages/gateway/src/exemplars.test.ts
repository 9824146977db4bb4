import { type Batch, browserCatalogue, type LogRecord, type SpanRecord } from '@artel/telemetry-protocol';
import { describe, expect, it } from 'vitest';
import { createExemplarBook, exemplarsIn } from './exemplars';
import { openMetrics } from './openMetrics';
import { resolveMetric, unknownFamily } from './resolveMetric';
import { createSeries, seriesKey } from './series';

const traceId = 'ab'.repeat(16);
const other = 'cd'.repeat(16);
const at = 1_700_000_000_000;

function found(batch: Partial<Batch>) {
  const resolve = (point: Batch['metrics'][number]) =>
    resolveMetric(point, { catalogue: browserCatalogue, strict: false });
  return exemplarsIn({ metrics: [], ...batch }, resolve, at);
}

function span(over: Partial<SpanRecord>): SpanRecord {
  return { name: 'pot', traceId, spanId: 'ef'.repeat(8), start: at, duration: 120, ...over };
}

const timed = {
  name: 'api_request_duration_ms',
  labels: { endpoint: '/api/tables/42', method: 'POST', status_code: '200' },
  values: [80, 30, 119.5, 400],
};

const timedSeries = seriesKey('api_request_duration_ms', [
  ['endpoint', '/api/tables/:id'],
  ['method', 'POST'],
  ['status_code', '200'],
]);

describe('the exemplars of a batch', () => {
  it('are those that its points name, in the bucket of the observation', () => {
    const metrics = [
      { ...timed, exemplar: { traceId, value: 80 } },
      { name: 'shots_total', value: 3, exemplar: { traceId: other } },
      { name: 'aim_ms', values: [4, 5], exemplar: { traceId } },
    ];
    expect(found({ metrics })).toEqual([
      { family: timed.name, series: timedSeries, bucket: 3, exemplar: { traceId, value: 80, at } },
      {
        family: 'shots_total',
        series: 'shots_total{}',
        bucket: 0,
        exemplar: { traceId: other, value: 3, at },
      },
    ]);
  });

  it.each<[string, Partial<SpanRecord>]>([
    ['names the endpoint', { attributes: { endpoint: '/api/tables/7' } }],
    [
      'names its path and method',
      { attributes: { 'url.path': '/api/tables/7', 'http.request.method': 'POST' } },
    ],
    ['is called so', { name: 'POST /api/tables/7' }],
  ])('are those of a span that %s: the longest request that it can have held', (_, over) => {
    expect(found({ metrics: [timed], spans: [span(over)] })).toEqual([
      { family: timed.name, series: timedSeries, bucket: 4, exemplar: { traceId, value: 119.5, at } },
    ]);
  });

  it.each<[string, Partial<SpanRecord>]>([
    ['of another endpoint', { attributes: { endpoint: '/api/games' } }],
    ['of another method', { name: 'GET /api/tables/7' }],
    ['that was over before any of the requests', { attributes: { endpoint: '/api/tables/7' }, duration: 19 }],
    ['that tells nothing of a call', {}],
  ])('are not those of a span %s', (_, over) => {
    expect(found({ metrics: [timed], spans: [span(over)] })).toEqual([]);
  });

  it('are those of the log line of an event, when it names the same labels', () => {
    const metrics = [{ name: 'frontend_error_total', labels: { error_type: 'TypeError', page: '/game' } }];
    const line = (fields: LogRecord['fields'], category = 'error'): LogRecord => ({
      level: 'error',
      message: 'x',
      timestamp: at,
      category,
      traceId,
      ...(fields ? { fields } : {}),
    });
    const right = { error_type: 'TypeError', page: '/game', stack: '…' };
    expect(found({ metrics, logs: [line(right)] })).toMatchObject([
      { bucket: 0, exemplar: { traceId, value: 1, at } },
    ]);
    expect(found({ metrics, logs: [line({ ...right, page: '/lobby' })] })).toEqual([]);
    expect(found({ metrics, logs: [line(right, 'metric')] })).toEqual([]);
    expect(
      found({
        metrics,
        logs: [{ level: 'error', message: 'x', timestamp: at, category: 'error', fields: right }],
      }),
    ).toEqual([]);
  });
});

describe('the book of exemplars', () => {
  const family = unknownFamily('aim_ms', 'histogram');
  const series = (page: string) => createSeries(family, [['page', page]], [3, 40]);
  const place = (page: string, value: number, bucket: number, trace = traceId, when = at) => ({
    family: 'aim_ms',
    series: seriesKey('aim_ms', [['page', page]]),
    bucket,
    exemplar: { traceId: trace, value, at: when },
  });

  it('keeps the last of each bucket of a series, for its tenant alone', () => {
    const book = createExemplarBook({ clock: { now: () => at } });
    book.note('a', [place('/', 3, 2), place('/', 40, 5)]);
    book.note('a', [place('/', 2.75, 2, other)]);
    const shown = (tenant: string) =>
      openMetrics([book.family(tenant, family, [series('/'), series('/x')])])
        .split('\n')
        .filter((line) => line.includes(' # '));
    expect(shown('a')).toEqual([
      `aim_ms_bucket{page="/",le="5.0"} 1 # {trace_id="${other}"} 2.75 1700000000`,
      `aim_ms_bucket{page="/",le="50.0"} 2 # {trace_id="${traceId}"} 40 1700000000`,
    ]);
    expect(shown('b')).toEqual([]);
  });

  it('shows none that is old', () => {
    let now = at;
    const book = createExemplarBook({ clock: { now: () => now }, maxAgeMs: 1_000 });
    book.note('a', [place('/', 3, 2)]);
    const text = () => openMetrics([book.family('a', family, [series('/')])]);
    now = at + 1_000;
    expect(text()).toContain(traceId);
    now = at + 1_001;
    expect(text()).not.toContain(traceId);
  });

  it('holds no more series than it may, and lets the longest untouched go', () => {
    const book = createExemplarBook({ clock: { now: () => at }, maxSeries: 2 });
    for (const page of ['/1', '/2', '/1', '/3']) book.note('a', [place(page, 3, 2)]);
    const text = openMetrics([book.family('a', family, ['/1', '/2', '/3'].map(series))]);
    expect([...text.matchAll(/page="(\S+)",le="5.0"} 1 #/g)].map(([, page]) => page)).toEqual(['/1', '/3']);
  });
});
