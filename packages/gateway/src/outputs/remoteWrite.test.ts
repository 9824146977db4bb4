import { createRemoteWriteFake } from '@artel/test-support/fakes/remoteWriteFake';
import { expect, it } from 'vitest';
import type { ExposedFamily } from '../exposition';
import { remoteWriteBodies } from './remoteWrite';

const labels = { job: 'artel-gateway', instance: 'a', Zone: 'eu' };

function snapshot(value: number): ExposedFamily[] {
  return [
    {
      name: 'shots_total',
      kind: 'counter',
      help: 'Shots.',
      series: [
        {
          labels: [['app', 'b"\\\n\ud800']],
          value,
          exemplar: { traceId: 'ab'.repeat(16), value: 1, at: Date.now() },
        },
        {
          labels: [
            ['app', 'c'],
            ['job', 'own'],
          ],
          value: 0,
        },
      ],
    },
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
          exemplars: new Map([[1, { traceId: 'cd'.repeat(16), value: 7, at: Date.now() }]]),
        },
      ],
    },
    { name: 'queue', kind: 'gauge', help: 'Queue.', series: [{ labels: [], value: 3 }] },
  ];
}

async function push(url: string, body: Uint8Array): Promise<number> {
  const response = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-protobuf',
      'Content-Encoding': 'snappy',
      'X-Prometheus-Remote-Write-Version': '0.1.0',
    },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

it('writes a snapshot that a strict receiver of remote write takes, and the next after it', async () => {
  const fake = await createRemoteWriteFake();
  const at = Date.now();
  for (const now of [at, at + 1]) {
    for (const { body } of remoteWriteBodies(snapshot(now - at), { labels, now, series: 100 })) {
      expect(await push(fake.url, body)).toBe(204);
    }
  }
  expect(fake.faults).toEqual([]);
  const common = 'Zone="eu"';
  const load = (name: string, le: string) =>
    `${common},__name__="${name}",instance="a",job="artel-gateway"${le},page="/"`;
  expect(
    Object.fromEntries([...fake.series].map(([id, samples]) => [id, samples.map(({ value }) => value)])),
  ).toEqual({
    [`${common},__name__="shots_total",app="b\\"\\\\\\n\ufffd",instance="a",job="artel-gateway"`]: [0, 1],
    [`${common},__name__="shots_total",app="c",instance="a",job="own"`]: [0, 0],
    [load('load_ms_bucket', ',le="0.5"')]: [1, 1],
    [load('load_ms_bucket', ',le="10.0"')]: [3, 3],
    [load('load_ms_bucket', ',le="+Inf"')]: [4, 4],
    [load('load_ms_sum', '')]: [562, 562],
    [load('load_ms_count', '')]: [4, 4],
    [`${common},__name__="queue",instance="a",job="artel-gateway"`]: [3, 3],
  });
  expect([...fake.exemplars.values()]).toEqual([
    { traceId: 'ab'.repeat(16), value: 1 },
    { traceId: 'cd'.repeat(16), value: 7 },
  ]);
  expect(Object.fromEntries(fake.types)).toEqual({ shots_total: 1, load_ms: 3, queue: 2 });
});

it('parts a snapshot into requests, and never the parts of one histogram', () => {
  const sizes = [...remoteWriteBodies(snapshot(1), { labels, now: Date.now(), series: 3 })].map(
    ({ series }) => series,
  );
  expect(sizes).toEqual([2, 5, 1]);
});
