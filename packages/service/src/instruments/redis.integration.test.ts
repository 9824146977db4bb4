import { until } from '@artel/test-support/programs/waitUntil';
import { ofTest } from '@artel/test-support/servers/ofTest';
import { startRedis, withoutRedis } from '@artel/test-support/servers/redis';
import type { RunningServer } from '@artel/test-support/servers/runningServer';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { createClient } from '@redis/client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { recordSpans } from '../../fixtures/recordSpans';
import { sampleOf } from '../../fixtures/sampleOf';
import { createAppMetrics } from '../metrics';
import { instrumentRedis } from './redis';

let server: RunningServer | undefined;
beforeAll(async () => {
  if (!withoutRedis) server = await startRedis();
});
afterAll(() => server?.close());

async function start(url = server?.url ?? '') {
  const metrics = createAppMetrics({ service: 'game', processMetrics: false });
  const bare = createClient({ url, socket: { reconnectStrategy: 50 }, disableOfflineQueue: true });
  const client = instrumentRedis(bare, { metrics, cacheType: 'presence' });
  expect(client).toBe(bare);
  client.on('error', () => {});
  await client.connect();
  await client.flushAll();
  onTestFinished(() => client.destroy());
  const count = (which: 'hits' | 'misses') =>
    sampleOf(metrics, `cache_${which}_total{cache_type="presence",service="game"}`);
  return { client, metrics, count };
}

describe.skipIf(withoutRedis)('a client of Redis', () => {
  it('counts hits and misses by key, and answers what it always did', async () => {
    const { client, count } = await start();
    expect(await client.set('a', '1')).toBe('OK');
    expect(await client.hSet('h', { x: '1' })).toBe(1);
    expect(await client.get('a')).toBe('1');
    expect(await client.get('b')).toBeNull();
    expect(await client.mGet(['a', 'b', 'c'])).toEqual(['1', null, null]);
    expect(await client.hGet('h', 'x')).toBe('1');
    expect(await client.hmGet('h', ['x', 'y'])).toEqual(['1', null]);
    expect(await client.getDel('a')).toBe('1');
    expect(await client.withCommandOptions({ timeout: 10_000 }).get('a')).toBeNull();
    expect(await client.exists('a')).toBe(0);
    expect(await count('hits')).toBe(5);
    expect(await count('misses')).toBe(5);
  });

  it('makes a span for each command in the caller’s trace, without keys and values', async () => {
    const { client } = await start();
    const spans = recordSpans();
    // The tracer of the client was there before the SDK.
    await trace.getTracer('test').startActiveSpan('player', async (span) => {
      await client.set('secret-key', 'secret-value');
      await client.sendCommand(['get', 'secret-key']);
      await expect(client.incr('secret-key')).rejects.toThrow('not an integer');
      span.end();
    });
    const { traceId, spanId } = spans.one('player').spanContext();
    for (const name of ['SET', 'GET', 'INCR']) {
      expect(spans.one(name).spanContext().traceId).toBe(traceId);
      expect(spans.one(name).parentSpanContext?.spanId).toBe(spanId);
      expect(spans.one(name).attributes).toMatchObject({ 'db.system': 'redis', 'db.operation.name': name });
    }
    expect(spans.one('INCR').status).toEqual({ code: SpanStatusCode.ERROR });
    const told = spans
      .ended()
      .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
    expect(JSON.stringify(told)).not.toContain('secret');
  });

  it('makes one span for a transaction or pipeline, with its size', async () => {
    const spans = recordSpans();
    const { client } = await start();
    const [set, got] = await client.multi().set('a', '1').get('a').execTyped();
    expect([set, got]).toEqual(['OK', '1']);
    expect(await client.multi().get('a').get('b').get('c').execAsPipeline()).toEqual(['1', null, null]);
    expect(spans.one('MULTI').attributes['db.operation.batch.size']).toBe(2);
    expect(spans.one('PIPELINE').attributes['db.operation.batch.size']).toBe(3);
  });

  it('says so when the server is away, and heals with it', async () => {
    const own = await ofTest(startRedis());
    const { client, metrics, count } = await start(own.url);
    await client.set('a', '1');
    const waiting = client.blPop('never', 0);
    const broken = expect(waiting).rejects.toThrow();
    await own.stop();
    await broken;
    await expect(client.get('a')).rejects.toThrow();
    const series = (type: string) =>
      sampleOf(metrics, `network_errors_total{target="redis",error_type="${type}",service="game"}`);
    await until(async () => ((await series('ECONNREFUSED')) ?? 0) > 1);
    expect(await series('closed')).toBeGreaterThan(0);
    expect(await count('hits')).toBeUndefined();
    await own.start();
    await until(() => client.isReady);
    expect(await client.get('a')).toBe('1');
    expect(await count('hits')).toBe(1);
  });
});
