import { createOtlpFake, type OtlpFake } from '@artel/test-support/fakes/otlp';
import { context, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leaks, planted } from '../../fixtures/lines';
import { setupTracing, type Tracing, type TracingOptions } from './setupTracing';
import { traceFunction } from './traceFunction';

let otlp: OtlpFake;
let tracing: Tracing | undefined;

beforeEach(async () => {
  otlp = await createOtlpFake();
});
afterEach(async () => {
  await tracing?.shutdown();
  tracing = undefined;
});

function setUp(options: Partial<TracingOptions> = {}): Tracing {
  tracing = setupTracing({
    service: 'game-service',
    version: '1.2.3',
    environment: 'test',
    endpoint: otlp.url,
    ...options,
  });
  return tracing;
}

function run(names: readonly string[], failing?: string): void {
  const [name, ...inner] = names;
  if (name === undefined) return;
  trace.getTracer('test').startActiveSpan(name, (span) => {
    run(inner, failing);
    if (name === failing) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  });
}

describe('what is sent', () => {
  it('is OTLP that a strict receiver takes, with the service and the parent of each span', async () => {
    const { forceFlush } = setUp({ sampleRatio: 1 });
    run(['outer', 'inner']);
    await forceFlush();
    const [inner, outer] = otlp.spans;
    expect(outer).toMatchObject({
      name: 'outer',
      parentSpanId: undefined,
      resource: {
        'service.name': 'game-service',
        'service.version': '1.2.3',
        'deployment.environment.name': 'test',
      },
    });
    expect(inner).toMatchObject({ name: 'inner', traceId: outer?.traceId, parentSpanId: outer?.spanId });
    expect([...otlp.faults, otlp.duplicates]).toEqual([0]);
    expect(tracing?.stats()).toMatchObject({ exported: 2, held: 0 });
  });

  it('holds no secret, whoever put it there', async () => {
    const { forceFlush } = setUp({ sampleRatio: 1 });
    const text = [planted.botToken, planted.jwt, planted.email, planted.bearer, planted.initData].join(' ');
    trace.getTracer('test').startActiveSpan(`GET /a?${planted.initData}`, (span) => {
      span.setAttributes({
        text,
        list: [text],
        password: planted.password,
        'http.request.header.cookie': planted.password,
        'url.query': `password=${planted.password}`,
        'url.full': `https://x.example/a?p=${planted.password}`,
      });
      span.addEvent('said', { text, token: planted.password });
      span.recordException(new Error(text));
      span.setStatus({ code: SpanStatusCode.ERROR, message: text });
      span.end();
    });
    await expect(
      traceFunction('fails', async () => {
        throw new Error(text);
      })(),
    ).rejects.toThrow();
    await forceFlush();
    expect(otlp.spans).toHaveLength(2);
    expect(leaks(otlp.requests.map(({ body }) => body).join())).toEqual([]);
  });
});

describe('sampling', () => {
  it('takes about a tenth of the traces, each whole, and nothing of the others', async () => {
    const { forceFlush, stats } = setUp();
    for (let index = 0; index < 1_000; index++) run(['a', 'b', 'c']);
    await forceFlush();
    const byTrace = new Map<string, number>();
    for (const { traceId } of otlp.spans) byTrace.set(traceId, (byTrace.get(traceId) ?? 0) + 1);
    expect([...byTrace.values()].every((count) => count === 3)).toBe(true);
    // Four standard deviations of a binomial of 1,000 tries: 62 to 138.
    expect(byTrace.size).toBeGreaterThan(60);
    expect(byTrace.size).toBeLessThan(140);
    expect(stats()).toMatchObject({ held: 0, dropped: { heldOverflow: 0, heldExpired: 0, queueFull: 0 } });
  });

  it('keeps every trace that fails, whichever span of it, whole', async () => {
    const { forceFlush } = setUp({ sampleRatio: 0 });
    for (const failing of ['a', 'b', 'c']) {
      run(['a', 'b', 'c'], failing);
      run(['fine', 'fine too']);
    }
    await forceFlush();
    expect(otlp.spans.map((span) => span.name).sort()).toEqual(['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c']);
    expect(new Set(otlp.spans.map((span) => span.traceId)).size).toBe(3);
  });

  it('keeps what ends after the root of a kept trace, and a late failure alone', async () => {
    const { forceFlush } = setUp({ sampleRatio: 0 });
    const tracer = trace.getTracer('test');
    for (const [name, rootFails, childFails] of [
      ['kept', true, false],
      ['late', false, true],
    ] as const) {
      const root = tracer.startSpan(name);
      const child = tracer.startSpan(`${name} child`, {}, trace.setSpan(context.active(), root));
      if (rootFails) root.setStatus({ code: SpanStatusCode.ERROR });
      root.end();
      if (childFails) child.setStatus({ code: SpanStatusCode.ERROR });
      child.end();
    }
    await forceFlush();
    expect(otlp.spans.map((span) => span.name)).toEqual(['kept', 'kept child', 'late child']);
  });

  it('keeps no failed trace where that is not wanted', async () => {
    const { forceFlush } = setUp({ sampleRatio: 0, keepErrors: false });
    run(['a'], 'a');
    await forceFlush();
    expect(otlp.spans).toEqual([]);
  });

  it.each([
    { sampled: true, trustParent: false, sampleRatio: 0, expected: 0 },
    { sampled: true, trustParent: true, sampleRatio: 0, expected: 1 },
    { sampled: true, trustParent: false, sampleRatio: 1, expected: 1 },
    { sampled: false, trustParent: false, sampleRatio: 1, expected: 0 },
  ])('of a remote parent: %o', async ({ sampled, trustParent, sampleRatio, expected }) => {
    const { forceFlush } = setUp({ sampleRatio, trustParent });
    const parent = trace.setSpanContext(ROOT_CONTEXT, {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: sampled ? 1 : 0,
      isRemote: true,
    });
    context.with(parent, () => run(['served']));
    await forceFlush();
    expect(otlp.spans).toHaveLength(expected);
  });
});

describe('bounds', () => {
  it('drops what the queue has no room for, and counts it', async () => {
    const { forceFlush, stats } = setUp({ sampleRatio: 1, maxQueue: 10 });
    for (let index = 0; index < 25; index++) run(['a']);
    await forceFlush();
    expect(otlp.spans).toHaveLength(10);
    expect(stats()).toMatchObject({ exported: 10, dropped: { queueFull: 15 } });
  });

  it('holds no more unsampled spans than it may, and counts those that go', async () => {
    const { forceFlush, stats } = setUp({ sampleRatio: 0, maxHeld: 50, maxHeldPerTrace: 20 });
    const tracer = trace.getTracer('test');
    const roots = Array.from({ length: 10 }, () => tracer.startSpan('root'));
    for (const root of roots) {
      const within = trace.setSpan(context.active(), root);
      for (let index = 0; index < 30; index++) tracer.startSpan('child', {}, within).end();
      expect(stats().held).toBeLessThanOrEqual(50);
    }
    for (const root of roots) {
      root.setStatus({ code: SpanStatusCode.ERROR });
      root.end();
    }
    await forceFlush();
    const { dropped, held } = stats();
    expect(held).toBe(0);
    expect(otlp.spans.filter((span) => span.name === 'root')).toHaveLength(10);
    expect(dropped.heldOverflow + otlp.spans.length).toBe(310);
  });

  it('gives up traces that do not end in time', async () => {
    const { forceFlush, stats } = setUp({ sampleRatio: 0, maxHeldAge: 1 });
    const tracer = trace.getTracer('test');
    const root = tracer.startSpan('endless');
    tracer.startSpan('child', {}, trace.setSpan(context.active(), root)).end();
    expect(stats().held).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    run(['another']);
    expect(stats()).toMatchObject({ held: 0, dropped: { heldExpired: 1 } });
    root.end();
    await forceFlush();
    expect(otlp.spans).toEqual([]);
  });
});

describe('an endpoint', () => {
  it('that refuses or is not there costs spans, which are counted, and never the app', async () => {
    otlp.refuse({ status: 400 }, 1);
    const { forceFlush, stats } = setUp({ sampleRatio: 1 });
    run(['a', 'b']);
    await forceFlush();
    expect(stats()).toMatchObject({ exported: 0, dropped: { exportFailed: 2 } });
    run(['c']);
    await forceFlush();
    expect(otlp.spans.map((span) => span.name)).toEqual(['c']);
    await otlp.kill();
    run(['d']);
    await forceFlush();
    expect(stats()).toMatchObject({ exported: 1, dropped: { exportFailed: 3 } });
  });

  it('that does not answer is given up after its time', async () => {
    otlp.stall();
    const { forceFlush, stats } = setUp({ sampleRatio: 1, timeout: 200 });
    run(['a']);
    await forceFlush();
    expect(stats()).toMatchObject({ dropped: { exportFailed: 1 } });
  });

  it('gets what waits when the process ends', async () => {
    const { shutdown } = setUp({ sampleRatio: 1, delay: 60_000 });
    run(['last']);
    await shutdown();
    expect(otlp.spans.map((span) => span.name)).toEqual(['last']);
    expect(trace.getTracer('test').startSpan('after').isRecording()).toBe(false);
  });
});

describe('options', () => {
  it.each([
    [{ endpoint: 'tempo:4318' }, 'endpoint: expected an http or https address, got "tempo:4318"'],
    [{ sampleRatio: 1.5 }, 'sampleRatio: expected a number from 0 to 1, got 1.5'],
    [{ sampleRatio: Number.NaN }, 'sampleRatio: expected a number from 0 to 1, got NaN'],
    [{ service: '' }, 'service: expected a name, got ""'],
    [{ maxQueue: 0 }, 'maxQueue: expected a number of at least 1, got 0'],
  ])('%o are refused by name', (options, message) => {
    expect(() => setUp(options)).toThrow(message);
  });

  it('do not set up a second tracer beside another', () => {
    setUp();
    expect(() => setupTracing({ service: 'b', endpoint: otlp.url })).toThrow('another OpenTelemetry tracer');
  });
});
