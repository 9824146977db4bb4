import { browserCatalogue } from '@artel/telemetry-protocol';
import { checkBatch, checkPoint } from '@artel/telemetry-protocol/check';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config';
import { createKnownPoints, type KnownPoints } from './knownPoints';
import { isDeeper } from './nesting';
import { resolveMetric } from './resolveMetric';
import type { Tenant } from './tenants';

const DEPTH = 16;
const [tenant] = readConfig({}).tenants as [Tenant];

const knownPoints = (max?: number): KnownPoints =>
  createKnownPoints({
    resolve: (point, { strict }) => resolveMetric(point, { catalogue: browserCatalogue, strict }),
    ...(max === undefined ? {} : { max }),
  });

/** What the reader marks its points with is not in the text. */
const withoutMarks = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const text = fc.oneof(
  fc.constantFrom('', 'a', 'зал', '"', '\\', ',"timestamp":1', '}', '"metrics":[', '\ud800', '\u0000'),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
/** Mostly the first, so that whole batches come to be right. */
const mostly = <A, B>(usual: fc.Arbitrary<A>, odd: fc.Arbitrary<B>): fc.Arbitrary<A | B> =>
  fc.oneof({ weight: 40, arbitrary: usual }, { weight: 1, arbitrary: odd });
const absent = fc.constant(undefined);
const label = mostly(
  fc.constantFrom('action', 'page', 'value', 'zone'),
  fc.constantFrom('__proto__', 'é', 'timestamp'),
);
const amount = mostly(
  fc.oneof(
    fc.constantFrom(0, 0.1, 1e12, 123_456.78, 0.1 + 0.2, 12_345.678_901_234_567),
    fc.nat(),
    fc.double({ min: 1e-6, max: 1e12, noNaN: true }),
  ),
  fc.oneof(fc.constantFrom(-1, 1e12 + 1, 1e21, 1e-7), fc.double({ noNaN: true, noDefaultInfinity: true })),
);
const time = mostly(
  fc.constantFrom(1_764_000_000_000, 0, 1.5),
  fc.oneof(fc.constant(2 ** 53), amount, absent),
);
const name = mostly(fc.constantFrom('shots_total', 'api_request_duration_ms', 'x_ms'), text);
const labels = mostly(fc.dictionary(label, text, { maxKeys: 3 }), absent);
const values = mostly(fc.array(amount, { minLength: 1, maxLength: 4 }), fc.constant([]));
/** With its fields in the client's order, as far as they are there. */
const point = fc
  .tuple(name, labels, time, amount, values)
  .chain(([name, labels, timestamp, value, values]) =>
    fc.constantFrom({ name, labels, timestamp, value }, { name, labels, timestamp, values }),
  );
const batch = fc
  .record({
    v: fc.constant(1),
    session: fc.option(text, { nil: undefined }),
    app: mostly(absent, fc.record({ name: text, metrics: fc.array(point) })),
    metrics: fc.array(point, { minLength: 1, maxLength: 4 }),
    logs: fc.option(fc.array(fc.record({ message: text })), { nil: undefined }),
  })
  .map((value) => JSON.stringify(value));

/** Texts that are nearly a batch's: a piece is put in somewhere, taken out, or doubled. */
const piece = fc.oneof(
  fc.constantFrom(
    ' ',
    ',',
    '"',
    '}',
    ']',
    '[',
    '{',
    '0',
    '-',
    '.',
    'e5',
    '\\',
    '"metrics":[',
    '"metrics":[],',
  ),
  fc.constantFrom('"metrics":0,', ',"timestamp":1', ',"value":1', ',"values":[1]', ',"exemplar":{}', '[[[['),
);
const mutated = fc
  .tuple(batch, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), fc.option(piece)), { maxLength: 3 }))
  .map(([body, changes]) =>
    changes.reduce((now, [place, length, put]) => {
      const at = place % (now.length + 1);
      const piece = put ?? now.slice(at, at + length);
      return now.slice(0, at) + piece + now.slice(put === null ? at : at + (length % 3));
    }, body),
  );

describe('the text of a batch', () => {
  it('is read to what JSON.parse makes of it, or not at all, whatever stands in it', () => {
    let read = 0;
    const known = knownPoints();
    fc.assert(
      fc.property(fc.oneof(batch, mutated), fc.constantFrom(DEPTH, 6, 4, 3), (body, depth) => {
        const value = known.parse(body, depth);
        if (value === undefined) return;
        read++;
        expect(withoutMarks(value)).toEqual(withoutMarks(JSON.parse(body)));
        expect(isDeeper(body, depth)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
    expect(read).toBeGreaterThan(400);
  });

  it('has only points that pass the check, which the reader of points then leaves as they are', () => {
    const known = knownPoints();
    fc.assert(
      fc.property(fc.oneof(batch, mutated), (body) => {
        const value = known.parse(body, DEPTH) as { metrics: unknown[] } | undefined;
        for (const one of value?.metrics ?? []) {
          expect(checkPoint(withoutMarks(one))).toBeTypeOf('object');
          expect(known.read(one)).toBe(one);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('comes to the same series as when it is parsed, however few heads are remembered', () => {
    const known = knownPoints(3);
    const resolved = (value: unknown, points: KnownPoints) => {
      const check = checkBatch(value, points.read);
      if (!check.ok) return check;
      return { ...check, series: check.batch.metrics.map((one) => points.resolve(one, tenant)) };
    };
    fc.assert(
      fc.property(batch, (body) => {
        const value = known.parse(body, DEPTH);
        if (value === undefined) return;
        const slowly = resolved(JSON.parse(body), knownPoints());
        expect(withoutMarks(resolved(value, known))).toEqual(withoutMarks(slowly));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is read by the shorter way when the client wrote it', () => {
    const metrics = [
      {
        name: 'user_action_total',
        labels: { action: 'tap', page: '/зал' },
        timestamp: 1_764_000_000_000,
        value: 3,
      },
      { name: 'web_vital_cls', labels: { page: '/' }, timestamp: 1, values: [0.000_123_456, 0.1 + 0.2] },
      { name: 'shots', labels: {}, timestamp: 1, value: 1 },
    ];
    const body = { sentAt: 1, v: 1, metrics, producer: 'p', seq: 1 };
    expect(withoutMarks(knownPoints().parse(JSON.stringify(body), DEPTH))).toEqual(body);
  });

  it('has each number as JSON.parse reads it, to the last bit', () => {
    const known = knownPoints();
    const digits = fc.stringMatching(/^(?:0|[1-9]\d{0,11})(?:\.\d{1,25})?$/);
    fc.assert(
      fc.property(
        fc.oneof(digits, fc.double({ min: 1e-6, max: 1e12, noNaN: true }).map(String)),
        (number) => {
          const body = `{"metrics":[{"name":"x_ms","labels":{},"timestamp":1,"values":[${number}]}]}`;
          const value = known.parse(body, DEPTH) as { metrics: [{ values: number[] }] } | undefined;
          if (/e/.test(number)) expect(value).toBeUndefined();
          else expect(value?.metrics[0].values[0]).toBe(Number(number));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['a second `metrics`', '{"metrics":[P],"metrics":[]}'],
    ['the points of another field', '{"app":{"metrics":[P]},"metrics":[]}'],
    ['points in a field that only ends so', '{"x\\"metrics":[P]}'],
    ['no points', '{"metrics":[]}'],
    [
      'a point with more to it',
      '{"metrics":[P,{"name":"a","labels":{},"timestamp":1,"value":1,"exemplar":{}}]}',
    ],
    [
      'a label that looks like the time',
      '{"metrics":[{"name":"a","labels":{"b":"c","timestamp":1,"value":1}}]}',
    ],
    ['spaces', '{"metrics": [P]}'],
    [
      'a number with a sign, an exponent or a leading zero',
      '{"metrics":[{"name":"a","labels":{},"timestamp":01,"value":1}]}',
    ],
    ['a list', '[{"metrics":[P]}]'],
    ['an end that is missing', '{"metrics":[P]'],
  ])('is left to JSON.parse with %s', (_what, body) => {
    const known = knownPoints();
    const one = '{"name":"a","labels":{},"timestamp":1,"value":1}';
    expect(known.parse(`{"metrics":[${one}]}`, DEPTH)).toBeDefined();
    expect(known.parse(body.replaceAll('P', one), DEPTH)).toBeUndefined();
  });
});
