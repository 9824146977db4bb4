import { createOtlpFake, type OtlpFake, type OtlpSpan } from '@artel/test-support/fakes/otlp';
import { context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { beforeEach, expect, it } from 'vitest';
import { setupTracing } from './setupTracing';

let otlp: OtlpFake;

beforeEach(async () => {
  otlp = await createOtlpFake();
});

/** Whatever a span can be told. The attributes that it begins with are the caller's own, for other spans too. */
function tell(tracer: Tracer, at: number): Span {
  const shared = { kind: SpanKind.PRODUCER, attributes: { first: 1, list: ['a', 'b'] } };
  const other = tracer.startSpan('linked', {}, context.active());
  const span = tracer.startSpan('before', { ...shared, links: [{ context: other.spanContext() }] });
  span.setAttribute('second', 'two').setAttributes({ third: true, first: 3 });
  expect(shared.attributes).toEqual({ first: 1, list: ['a', 'b'] });
  span.addEvent('bare').addEvent('told', { n: 1 }).addEvent('timed', { n: 2 }, at);
  span.addEvent('only timed', new Date(at + 1));
  span.recordException(new TypeError('no table'));
  span.addLink({ context: other.spanContext(), attributes: { why: 'again' } });
  span.addLinks([{ context: other.spanContext() }]);
  span.updateName('after');
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'lost' }).setStatus({ code: SpanStatusCode.UNSET });
  expect(span.isRecording()).toBe(true);
  span.end();
  expect(span.isRecording()).toBe(false);
  span.setAttribute('late', 1).updateName('late').addEvent('late').setStatus({ code: SpanStatusCode.OK });
  span.end();
  return span;
}

async function told(sampleRatio: number, at: number): Promise<OtlpSpan | undefined> {
  const tracing = setupTracing({ service: 'a', endpoint: otlp.url, sampleRatio });
  const before = Date.now();
  const { traceId, spanId } = tell(trace.getTracer('test', '1.0'), at).spanContext();
  await tracing.shutdown();
  const found = otlp.spans.find((span) => span.spanId === spanId);
  expect(found).toMatchObject({ traceId });
  expect(found?.startTime).toBeGreaterThanOrEqual(before);
  expect(found?.endTime).toBeLessThanOrEqual(Date.now() + 1);
  return found;
}

it('is sent, where its trace fails, as a sampled span would be', async () => {
  const at = Date.now() - 5_000;
  const held = await told(0, at);
  const sampled = await told(1, at);
  for (const span of [held, sampled]) {
    expect(span).toMatchObject({
      name: 'after',
      attributes: { first: 3n, list: ['a', 'b'], second: 'two', third: true },
      status: { code: SpanStatusCode.ERROR, message: 'lost' },
    });
    expect(span?.events.map(({ name }) => name)).toEqual([
      'bare',
      'told',
      'timed',
      'only timed',
      'exception',
    ]);
  }
  expect(held?.kind).toBe(sampled?.kind);
  expect(held?.links).toHaveLength(3);
  expect(sampled?.links).toHaveLength(3);
  expect(held?.events.slice(2, 4)).toEqual(sampled?.events.slice(2, 4));
  expect([...otlp.faults, otlp.duplicates]).toEqual([0]);
});

it('ends well once it was told OK, whatever it was told before or is told after', async () => {
  const tracing = setupTracing({ service: 'a', endpoint: otlp.url, sampleRatio: 0 });
  const span = trace.getTracer('test').startSpan('fine');
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setStatus({ code: SpanStatusCode.OK }).setStatus({ code: SpanStatusCode.ERROR }).end();
  await tracing.shutdown();
  expect(otlp.spans).toEqual([]);
});

it('bears the times that it is given', async () => {
  const tracing = setupTracing({ service: 'a', endpoint: otlp.url, sampleRatio: 0 });
  const [from, to] = [Date.now() - 5_000, Date.now() - 2_000];
  const span = trace.getTracer('test').startSpan('timed', { startTime: from });
  span.setStatus({ code: SpanStatusCode.ERROR }).end(to);
  await tracing.shutdown();
  expect(otlp.spans[0]).toMatchObject({ name: 'timed', startTime: from, endTime: to });
});

it('is not made where tracing is suppressed', async () => {
  const tracing = setupTracing({ service: 'a', endpoint: otlp.url, sampleRatio: 1 });
  context.with(suppressTracing(context.active()), () => {
    expect(trace.getTracer('test').startSpan('unseen').isRecording()).toBe(false);
  });
  await tracing.shutdown();
  expect(otlp.spans).toEqual([]);
});
