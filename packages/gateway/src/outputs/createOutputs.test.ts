import { createFakeEnd } from '@artel/test-support/fakes/fakeEnd';
import { expect, it } from 'vitest';
import { log, span } from '../../fixtures/records';
import { systemClock } from '../clock';
import { createOutputs } from './createOutputs';
import { outputsSchema } from './outputsConfig';

const never = new AbortController().signal;

async function pathsOf(outputs: (url: string) => object): Promise<string[]> {
  const end = await createFakeEnd(() => ({ status: 204 }));
  const made = createOutputs(outputsSchema.parse(outputs(end.url)), {
    tenant: () => undefined,
    clock: systemClock,
  });
  const families = [
    { name: 'a_total', kind: 'counter' as const, help: 'A.', series: [{ labels: [], value: 1 }] },
  ];
  for (const { post, encode } of made.records) await post(encode([{ key: 1, record: log('x') }]), never);
  for (const { post, encode } of made.metrics) {
    for (const { body } of encode(families, Date.now())) await post(body, never);
  }
  return end.requests.map(({ path, query }) => (query.size > 0 ? `${path}?${query}` : path));
}

it('writes to the path that each kind of end has, behind whatever path the URL has', async () => {
  const all = { kind: 'otlp', signals: ['logs', 'traces', 'metrics'] };
  expect(
    await pathsOf((url) => ({
      bare: { kind: 'loki', url },
      given: { kind: 'loki', url: `${url}/proxy/loki/api/v1/push` },
      otlp: { ...all, url },
      based: { ...all, url: `${url}/base/` },
      mimir: { kind: 'remote-write', url: `${url}/api/v1/push?x=1` },
    })),
  ).toEqual([
    '/loki/api/v1/push',
    '/proxy/loki/api/v1/push',
    '/v1/logs',
    '/v1/traces',
    '/base/v1/logs',
    '/base/v1/traces',
    '/v1/metrics',
    '/base/v1/metrics',
    '/api/v1/push?x=1',
  ]);
});

it('has a cursor for each signal of each output, so that none waits for another', () => {
  const outputs = outputsSchema.parse({
    a: { kind: 'loki', url: 'http://a' },
    b: { kind: 'otlp', url: 'http://b' },
    c: { kind: 'otlp', url: 'http://c', signals: ['metrics'] },
  });
  const { records, metrics } = createOutputs(outputs, { tenant: () => undefined, clock: systemClock });
  expect(records.map(({ id }) => id)).toEqual(['a/logs', 'b/logs', 'b/traces']);
  expect(metrics.map(({ name }) => name)).toEqual(['c']);
  const takers = (record: ReturnType<typeof log>) =>
    records.filter(({ takes }) => takes(record)).map(({ id }) => id);
  expect(takers(log('x'))).toEqual(['a/logs', 'b/logs']);
  expect(takers(span('x'))).toEqual(['b/traces']);
});
