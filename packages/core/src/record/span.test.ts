import type { SpanRecord } from '@artel/telemetry-protocol';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import type { Metadata } from '../telemetry';
import { createFakeDevice } from '../testing/fakeDevice';
import { createFakeGateway } from '../testing/fakeGateway';
import { startSpan } from './span';

function setUp() {
  const page = createFakeDevice({ gateway: createFakeGateway(), indexedDB: new IDBFactory() }).openPage();
  const { environment } = page;
  const decision = { sampled: true };
  const records: SpanRecord[] = [];
  const start = (name: unknown = 'shot', attributes?: Metadata) =>
    startSpan({
      environment,
      now: () => 1_000,
      context: () => ({ platform: 'ios', cue: 'context' }),
      isSampled: () => decision.sampled,
      name,
      attributes,
      onEnd: (makeRecord) => records.push(makeRecord()),
    });
  return { page, decision, records, start };
}

describe('a span', () => {
  it('lasts from its start to its end, under ids of its own', async () => {
    const { page, records, start } = setUp();
    const [span, other] = [start(), start()];
    await page.advance(25);
    span.end();
    expect(records).toEqual([
      {
        name: 'shot',
        traceId: expect.stringMatching(/^[\da-f]{32}$/),
        spanId: expect.stringMatching(/^[\da-f]{16}$/),
        start: 1_000,
        duration: 25,
        status: 'ok',
        attributes: { platform: 'ios', cue: 'context' },
      },
    ]);
    expect(records[0]).toMatchObject({ traceId: span.traceId, spanId: span.spanId });
    expect([other.traceId, other.spanId]).not.toEqual([span.traceId, span.spanId]);
  });

  it('ends once', () => {
    const { records, start } = setUp();
    const span = start();
    span.end('error');
    span.end('ok');
    expect(records.map(({ status }) => status)).toEqual(['error']);
  });

  it('tells servers what was decided when it began', () => {
    const { decision, start } = setUp();
    const span = start();
    expect(span.traceparent).toBe(`00-${span.traceId}-${span.spanId}-01`);
    decision.sampled = false;
    expect(start().traceparent).toMatch(/-00$/);
    expect(span.traceparent).toMatch(/-01$/);
  });

  it('joins the facts of the page, its attributes and those that are added, the later ones first', () => {
    const { records, start } = setUp();
    start('shot', { cue: 'ash', spin: 1, token: 'secret' })
      .setAttribute('spin', 2)
      .setAttribute('error', new Error('x'))
      .end();
    expect(records[0]?.attributes).toEqual({
      platform: 'ios',
      cue: 'ash',
      spin: 2,
      token: '[Filtered]',
      error: 'Error: x',
    });
  });

  it('is small enough for one batch', () => {
    const { records, start } = setUp();
    const attributes = Array.from({ length: 100 }, (_, at) => [`a${at}`, 'x'.repeat(8_000)]);
    start('x'.repeat(1_000), Object.fromEntries(attributes)).end();
    expect(records[0]?.name).toHaveLength(128);
    expect(JSON.stringify(records).length).toBeLessThan(11_000);
  });

  it.each(['', undefined, null, 7, Symbol('s')])('has a name, whatever it is given: %s', (name) => {
    const { records, start } = setUp();
    start(name).end();
    expect(records[0]?.name).toBe(name === undefined ? 'shot' : String(name ?? 'null') || 'span');
  });

  it('takes whatever JavaScript passes, without throwing', () => {
    const { records, start } = setUp();
    const bare = Object.create(null);
    const span = start('shot', {
      get bad() {
        throw new Error('no');
      },
    });
    expect(span.setAttribute(bare, 1).setAttribute('n', 5n).setAttribute('bare', bare)).toBe(span);
    span.end(bare);
    expect(records[0]).toMatchObject({ status: 'ok', attributes: { n: '5', bare: '{}' } });
  });
});
