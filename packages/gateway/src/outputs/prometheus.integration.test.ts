import { createServer } from 'node:http';
import { ofTest } from '@artel/test-support/servers/ofTest';
import { startPrometheus, withoutPrometheus } from '@artel/test-support/servers/prometheus';
import type { PrometheusApi } from '@artel/test-support/servers/prometheusApi';
import { expect, it, onTestFinished } from 'vitest';
import { runForwarder, soon } from '../../fixtures/runForwarder';
import type { ExposedFamily } from '../exposition';
import { expositionFor, OPEN_METRICS_TYPE } from '../openMetrics';

// Nothing is timed here, and a busy machine takes its time.
const traceId = 'ab'.repeat(16);
const now = Date.now();

const families: ExposedFamily[] = [
  {
    name: 'shots_total',
    kind: 'counter',
    help: 'Shots.',
    series: [
      {
        labels: [['page', 'a"\\\nb']],
        value: 7,
        created: now - 5_000,
        exemplar: { traceId, value: 1, at: now },
      },
    ],
  },
  { name: 'shots_open', kind: 'gauge', help: 'Shots under way.', series: [{ labels: [], value: 2 }] },
  {
    name: 'load_ms',
    kind: 'histogram',
    help: 'Load.',
    series: [
      {
        labels: [['page', '/']],
        bounds: [0.5, 10],
        counts: [1, 2, 1],
        sum: 562,
        count: 4,
        exemplars: new Map([
          [1, { traceId, value: 7, at: now }],
          [2, { traceId: 'cd'.repeat(16), value: 550, at: now + 1 }],
        ]),
      },
    ],
  },
];

/** The one value of an expression. */
async function values({ instant }: PrometheusApi, expression: string): Promise<readonly number[]> {
  return (await instant(expression)).map(({ values: [sample] }) => Number(sample?.[1]));
}

it.skipIf(withoutPrometheus)(
  'a real Prometheus asks for OpenMetrics, reads it, and keeps the exemplars with their traces',
  async () => {
    const types: string[] = [];
    const server = createServer((request, response) => {
      const { type, body } = expositionFor(request.headers.accept, families);
      types.push(type);
      response.writeHead(200, { 'Content-Type': type }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const prometheus = await ofTest(startPrometheus({ jobs: { gateway: [`127.0.0.1:${port}`] } }));

    await soon(async () => expect(await values(prometheus, 'shots_total')).toEqual([7]));
    expect(types[0]).toBe(OPEN_METRICS_TYPE);
    expect(await values(prometheus, 'up')).toEqual([1]);
    expect(await values(prometheus, 'shots_open')).toEqual([2]);
    expect(await values(prometheus, 'load_ms_bucket{le="10.0"}')).toEqual([3]);
    expect(await values(prometheus, 'load_ms_sum')).toEqual([562]);
    await soon(async () => {
      const found = await prometheus.exemplars('{job="gateway"}');
      const shown = found.flatMap(({ seriesLabels, exemplars }) =>
        exemplars.map(({ labels, value }) => [
          seriesLabels['__name__'],
          seriesLabels['le'],
          labels['trace_id'],
          value,
        ]),
      );
      expect(shown.sort()).toEqual([
        ['load_ms_bucket', '+Inf', 'cd'.repeat(16), '550'],
        ['load_ms_bucket', '10.0', traceId, '7'],
        ['shots_total', undefined, traceId, '1'],
      ]);
    });
  },
);

it.skipIf(withoutPrometheus)(
  'a real Prometheus takes what is pushed by remote write, exemplars too',
  async () => {
    const prometheus = await ofTest(startPrometheus());
    const { sample, logged } = runForwarder({
      outputs: {
        prometheus: { kind: 'remote-write', url: `${prometheus.url}/api/v1/write`, intervalSeconds: 1 },
      },
      metrics: () => families,
    });
    await soon(async () => {
      const [series, ...others] = await prometheus.instant('shots_total');
      expect(series).toEqual({
        metric: {
          __name__: 'shots_total',
          instance: 'gateway-1',
          job: 'artel-gateway',
          page: 'a"\\\nb',
        },
        values: [[expect.any(Number), '7']],
      });
      expect(others).toEqual([]);
    });
    expect(await values(prometheus, 'load_ms_bucket{le="10.0"}')).toEqual([3]);
    await soon(async () => {
      const found = await prometheus.exemplars('load_ms_bucket');
      expect(found.map(({ seriesLabels }) => seriesLabels['le']).sort()).toEqual(['+Inf', '10.0']);
    });
    expect(sample('artel_gateway_output_failures_total{output="prometheus",signal="metrics"}')).toBe(0);
    expect(logged).toEqual([]);
  },
);
