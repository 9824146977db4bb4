import { createOtlpFake } from '@artel/test-support/fakes/otlp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyLog, anySpan, log, span } from '../../fixtures/records';
import type { ExposedFamily } from '../exposition';
import { createPlace } from './createOutputs';
import { otlpLogs } from './otlpLogs';
import { otlpMetricsBodies } from './otlpMetrics';
import { otlpTraces } from './otlpTraces';
import type { QueueEntry } from './queueReader';

const now = Date.now();
const place = createPlace(() => undefined);
const window = { lateMs: 3_000_000, aheadMs: 540_000 };
const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'artel-gateway' } }] };

function entries(...records: QueueEntry['record'][]): QueueEntry[] {
  return records.map((record, at) => ({ key: 41 + at, record }));
}

async function post(url: string, path: string, body: Uint8Array): Promise<number> {
  const headers = { 'Content-Type': 'application/x-protobuf' };
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body });
  await response.arrayBuffer();
  return response.status;
}

describe('logs by OTLP', () => {
  it('carry the page load as a resource, the level as a number, and the ids of their trace', async () => {
    const fake = await createOtlpFake();
    const record = log(
      'pot',
      {
        timestamp: now - 5,
        level: 'warn',
        fields: { ball: 7, power: 0.5, won: true, none: null },
        traceId: 'ab'.repeat(16),
        spanId: 'cd'.repeat(8),
      },
      { received: now, session: 's-1', user: 'u1', producer: 'p-1', page: '/game' },
    );
    expect(await post(fake.url, '/v1/logs', otlpLogs(entries(record), { place, window }))).toBe(200);
    expect(fake.logs).toEqual([
      {
        resource: {
          'service.name': 'billiards',
          'service.version': '1.2.0',
          'service.instance.id': 'p-1',
          'deployment.environment.name': 'test',
          'session.id': 's-1',
          'telemetry.sdk.name': 'artel-telemetry',
          'telemetry.sdk.language': 'webjs',
          'artel.tier': 'anonymous',
        },
        attributes: { page: '/game', 'user.hash': 'u1', ball: 7n, power: 0.5, won: true },
        decoded: expect.objectContaining({
          timeUnixNano: BigInt(now - 5) * 1_000_000n + 41n,
          observedTimeUnixNano: BigInt(now) * 1_000_000n + 41n,
          severityNumber: 13,
          severityText: 'warn',
          body: { stringValue: 'pot' },
          traceId: 'ab'.repeat(16),
          spanId: 'cd'.repeat(8),
        }),
      },
    ]);
  });

  it('say of an error what OpenTelemetry says of exceptions', async () => {
    const fake = await createOtlpFake();
    const fields = { error_type: 'TypeError', stack: 'TypeError: x is null\n    at pot', page: '/game' };
    const record = log('TypeError: x is null', { level: 'error', category: 'error', fields });
    await post(fake.url, '/v1/logs', otlpLogs(entries(record), { place, window }));
    expect(fake.logs[0]?.attributes).toEqual({
      category: 'error',
      page: '/game',
      'exception.type': 'TypeError',
      'exception.message': 'x is null',
      'exception.stacktrace': 'TypeError: x is null\n    at pot',
    });
  });

  it('share a resource when they come from one page load', async () => {
    const fake = await createOtlpFake();
    const records = ['a', 'b'].flatMap((producer) => [
      log('1', {}, { producer }),
      log('2', {}, { producer }),
    ]);
    await post(fake.url, '/v1/logs', otlpLogs(entries(...records), { place, window }));
    expect(fake.logs.map((one) => one.resource['service.instance.id'])).toEqual(['a', 'a', 'b', 'b']);
  });
});

describe('spans by OTLP', () => {
  it('carry ids, times, kind and status', async () => {
    const fake = await createOtlpFake();
    const traceId = 'ab'.repeat(16);
    const records = [
      span('pot', {
        traceId,
        spanId: '01'.repeat(8),
        start: now + 0.25,
        duration: 12.5,
        status: 'error',
        attributes: { ball: 7 },
      }),
      span('GET /table', {
        traceId,
        spanId: '02'.repeat(8),
        parentSpanId: '01'.repeat(8),
        attributes: { 'http.request.method': 'GET' },
      }),
    ];
    expect(await post(fake.url, '/v1/traces', otlpTraces(entries(...records), { place }))).toBe(200);
    expect(fake.spans.map(({ decoded }) => decoded)).toEqual([
      expect.objectContaining({
        traceId,
        spanId: '01'.repeat(8),
        name: 'pot',
        kind: 1,
        startTimeUnixNano: BigInt(now) * 1_000_000n + 250_000n,
        endTimeUnixNano: BigInt(now) * 1_000_000n + 12_750_000n,
        status: { code: 2 },
      }),
      expect.objectContaining({ spanId: '02'.repeat(8), parentSpanId: '01'.repeat(8), kind: 3 }),
    ]);
    expect(fake.spans[0]?.attributes).toEqual({ ball: 7n });
  });
});

describe('metrics by OTLP', () => {
  const created = now - 60_000;
  const families: ExposedFamily[] = [
    {
      name: 'shots_total',
      kind: 'counter',
      help: 'Shots.',
      series: [1, 2, 3].map((value) => ({ labels: [['player', `${value}`]], value, created })),
    },
    {
      name: 'load_ms',
      kind: 'histogram',
      help: 'Load.',
      series: [
        {
          labels: [],
          bounds: [10, 100],
          counts: [2, 0, 1],
          sum: 562.5,
          count: 3,
          exemplars: new Map([[2, { traceId: 'ab'.repeat(16), value: 550, at: now }]]),
        },
      ],
    },
    { name: 'queue', kind: 'gauge', help: 'Queue.', series: [{ labels: [], value: 7 }] },
    { name: 'none_total', kind: 'counter', help: 'None.', series: [] },
  ];

  it('are running totals since the series began, and since the start where nobody knows when', async () => {
    const fake = await createOtlpFake();
    const bodies = [...otlpMetricsBodies(families, { resource, now, started: now - 5_000, series: 100 })];
    expect(bodies.map(({ series }) => series)).toEqual([5]);
    for (const { body } of bodies) expect(await post(fake.url, '/v1/metrics', body)).toBe(200);
    expect([...fake.metrics.keys()]).toEqual(['shots_total', 'load_ms', 'queue']);
    const [shot] = fake.metrics.get('shots_total')?.points ?? [];
    expect(shot?.attributes).toEqual({ player: '1' });
    expect(shot?.decoded).toMatchObject({
      startTimeUnixNano: BigInt(created) * 1_000_000n,
      timeUnixNano: BigInt(now) * 1_000_000n,
      asDouble: 1,
    });
    expect(fake.metrics.get('load_ms')?.points[0]?.decoded).toMatchObject({
      startTimeUnixNano: BigInt(now - 5_000) * 1_000_000n,
      count: 3n,
      sum: 562.5,
      bucketCounts: [2n, 0n, 1n],
      explicitBounds: [10, 100],
      exemplars: [{ traceId: 'ab'.repeat(16), asDouble: 550, timeUnixNano: BigInt(now) * 1_000_000n }],
    });
  });

  it('come in as many requests as the series need, each series in one', async () => {
    const bodies = [...otlpMetricsBodies(families, { resource, now, started: now, series: 2 })];
    expect(bodies.map(({ series }) => series)).toEqual([2, 2, 1]);
  });
});

describe('what OTLP is given', () => {
  it('is taken by a strict receiver, whatever stood in the queue', async () => {
    const fake = await createOtlpFake();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(anyLog, anySpan), { minLength: 1, maxLength: 5 }),
        async (records) => {
          const all = entries(...records);
          if (records.some(({ kind }) => kind === 'log')) {
            expect(await post(fake.url, '/v1/logs', otlpLogs(all, { place, window }))).toBe(200);
          }
          if (records.some(({ kind }) => kind === 'span')) {
            expect(await post(fake.url, '/v1/traces', otlpTraces(all, { place }))).toBe(200);
          }
          expect(fake.faults).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
