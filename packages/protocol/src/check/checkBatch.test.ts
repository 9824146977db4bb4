import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../limits';
import { checkBatch } from './checkBatch';

const point = { name: 'user_action_total', value: 1, labels: { action: 'x', page: '/' } };

function rejection(item: unknown): string | undefined {
  const result = checkBatch({ metrics: [item] });
  return result.ok ? result.rejected[0]?.reason : undefined;
}

describe('checkBatch', () => {
  it('accepts the bare body of the seed', () => {
    expect(checkBatch({ metrics: [point] })).toEqual({
      ok: true,
      batch: { metrics: [point], logs: [], spans: [] },
      rejected: [],
    });
  });

  it.each([
    [null, 'body', 'null'],
    [[], 'body', 'array'],
    [{}, 'metrics', 'undefined'],
    [{ metrics: 'x' }, 'metrics', 'string'],
    [{ metrics: [], logs: {} }, 'logs', 'object'],
    [{ metrics: [], producer: 'p' }, 'producer, seq', 'both'],
    [{ metrics: [], producer: 'p', seq: 1.5 }, 'seq', 'whole'],
    [{ metrics: [], producer: 'p p', seq: 1 }, 'producer', 'match'],
    [{ metrics: [], app: { version: '1' } }, 'app', 'name'],
    [{ metrics: [], dropped: { age: -1 } }, 'dropped', 'age'],
  ])('refuses %j and names %s', (body, field, word) => {
    const result = checkBatch(body);
    expect(result).toMatchObject({ ok: false, status: 400, problems: [{ field }] });
    expect(JSON.stringify(result)).toContain(word);
  });

  it('drops unknown fields of an envelope', () => {
    const known = { v: 1, producer: 'p', seq: 1, app: { name: 'a' }, dropped: { age: 1 } };
    const body: unknown = JSON.parse(
      JSON.stringify({ metrics: [point], ...known, more: 'x' }).replace('{', '{"__proto__":{"user":"u"},'),
    );
    expect(checkBatch(body)).toEqual({
      ok: true,
      batch: { metrics: [point], logs: [], spans: [], ...known },
      rejected: [],
    });
  });

  it('returns 413 for more items than a batch may contain', () => {
    expect(checkBatch({ metrics: Array(limits.itemsPerBatch + 1).fill(point) })).toMatchObject({
      ok: false,
      status: 413,
    });
  });

  it.each([
    [7, /object/],
    [{ ...point, name: undefined }, /name: expected a string/],
    [{ ...point, name: 'a-b' }, /"a-b" is not a Prometheus metric name/],
    [{ ...point, name: 'artel_gateway_up' }, /reserved/],
    [{ ...point, name: 'process_start_time_seconds' }, /name: "process_start_time_seconds" is reserved/],
    [{ ...point, value: '1' }, /value: expected a finite number, got "1"/],
    [{ ...point, value: { toString: 1 } }, /value: expected a finite number, got an object/],
    [{ ...point, value: [{ toString: 1 }] }, /value: expected a finite number, got an array/],
    [{ ...point, value: null }, /value: expected a finite number, got null/],
    [{ ...point, exemplar: { traceId: { valueOf: 1 } } }, /exemplar.traceId: .* got an object/],
    [{ ...point, value: -1 }, /-1 is not between/],
    [{ ...point, values: [1] }, /one of the two/],
    [{ name: 'x_ms', values: [1, null] }, /values\[1\]/],
    [{ name: 'x_ms', values: [] }, /is empty/],
    [{ ...point, labels: { __name__: 'x' } }, /reserved/],
    [{ ...point, labels: { action: 7 } }, /labels.action: expected a string/],
    [
      { ...point, labels: { action: 'y'.repeat(10_000) } },
      /labels.action: 10000 characters, the limit is 256/,
    ],
    [{ ...point, timestamp: 'now' }, /timestamp/],
    [{ ...point, exemplar: 'ab' }, /exemplar: expected an object/],
    [{ ...point, exemplar: { traceId: 'AB' } }, /exemplar.traceId: expected 32 lower-case hex digits.*"AB"/],
    [{ ...point, exemplar: { traceId: '0'.repeat(32) } }, /exemplar.traceId/],
    [{ ...point, exemplar: { traceId: 'a'.repeat(32), value: -1 } }, /exemplar.value: -1 is not between/],
  ])('rejects %j', (item, reason) => {
    expect(rejection(item)).toMatch(reason);
  });

  it('keeps the valid items and lists the others', () => {
    const log = { level: 'info', message: 'm', timestamp: 1 };
    const result = checkBatch({ metrics: [point, 1, point], logs: [{ ...log, level: 'loud' }, log] });
    expect(result).toMatchObject({ ok: true, batch: { metrics: [point, point], logs: [log] } });
    expect(result.ok && result.rejected).toEqual([
      { index: 1, reason: 'expected an object' },
      { index: 0, list: 'logs', reason: 'level: expected one of debug, info, warn, error' },
    ]);
  });

  it('accepts an exemplar of a point', () => {
    const traced = { ...point, exemplar: { traceId: 'ab'.repeat(16), value: 3 } };
    expect(checkBatch({ metrics: [traced] })).toMatchObject({
      ok: true,
      batch: { metrics: [traced] },
      rejected: [],
    });
  });

  it('rejects ids of only zeros, which identify no trace and no span', () => {
    const span = { name: 's', traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), start: 1, duration: 1 };
    const spans = [span, { ...span, traceId: '0'.repeat(32) }, { ...span, spanId: '0'.repeat(16) }];
    const result = checkBatch({ metrics: [], spans });
    expect(result.ok && result.rejected.map(({ index }) => index)).toEqual([1, 2]);
  });

  it('never throws, and quotes little of its input', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), (body, metrics) => {
        for (const input of [body, { metrics }, { metrics: [{ name: body, labels: body }] }]) {
          const result = checkBatch(input);
          const said = result.ok
            ? result.rejected.map(({ reason }) => reason)
            : result.problems.map(({ message }) => message);
          for (const sentence of said) expect(sentence.length).toBeLessThan(400);
        }
      }),
    );
  });

  it('keeps and rejects every point exactly once', () => {
    const name = fc.oneof(fc.constantFrom('a_total', 'b_ms'), fc.string());
    const item = fc.record({ name, value: fc.oneof(fc.double(), fc.constant(undefined)) });
    fc.assert(
      fc.property(fc.array(item), (metrics) => {
        const result = checkBatch({ metrics });
        expect(result.ok && result.batch.metrics.length + result.rejected.length).toBe(metrics.length);
      }),
    );
  });
});
