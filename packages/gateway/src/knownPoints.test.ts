import { browserCatalogue, type MetricPoint } from '@artel/telemetry-protocol';
import { checkPoint } from '@artel/telemetry-protocol/check';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config';
import { createKnownPoints } from './knownPoints';
import { type Resolution, resolveMetric } from './resolveMetric';
import type { Tenant } from './tenants';

const [tenant] = readConfig({}).tenants as [Tenant];
const strict: Tenant = { ...tenant, id: 'strict', strict: true };

const name = fc.constantFrom(
  'user_action_total',
  'api_request_duration_ms',
  'shots_total',
  'shots',
  'x_ms',
  'a b',
  'x_sum',
);
const label = fc.constantFrom('action', 'page', 'cue', '__name__', 'le', 'a\nb');
const text = fc.oneof(fc.constantFrom('a', '/sessions/42', 'b\n1\nc', '', '7'), fc.string());
const amount = fc.oneof(fc.constantFrom(1, 0, -1, 1e10, Number.NaN, '1'), fc.double());
const input = fc.record(
  {
    name: fc.oneof(name, fc.anything()),
    labels: fc.oneof(fc.dictionary(label, text, { maxKeys: 3 }), fc.anything()),
    value: amount,
    values: fc.oneof(fc.array(amount, { maxLength: 3 }), fc.anything()),
    timestamp: fc.oneof(fc.constant(1), fc.anything()),
  },
  { requiredKeys: ['name'] },
);

describe('known points', () => {
  it('are read and resolved as if they were met for the first time, whatever was met before', () => {
    const slow = (point: MetricPoint, strictly: boolean): Resolution =>
      resolveMetric(point, { catalogue: browserCatalogue, strict: strictly });
    fc.assert(
      fc.property(fc.array(fc.tuple(input, fc.boolean()), { maxLength: 60 }), (points) => {
        const known = createKnownPoints({ resolve: (point, { strict }) => slow(point, strict), max: 8 });
        for (const [one, strictly] of points) {
          const expected = checkPoint(structuredCloneOf(one));
          const read = known.read(one);
          if (typeof read === 'string' || typeof expected === 'string') {
            expect(read).toEqual(expected);
          } else {
            expect(known.resolve(read, strictly ? strict : tenant)).toEqual(slow(expected, strictly));
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('are not those that spell the name and labels of one with line feeds and brackets', () => {
    const known = createKnownPoints({ resolve: () => ({ ok: false, reason: 'never asked' }) });
    const good = [
      { name: 'a', labels: { b: 'c', d: 'e' } },
      { name: 'a', values: [1] },
    ];
    for (const point of good) expect(known.read(point)).toBe(point);
    const parts = ['a', 'b', 'c', 'd', 'e', '1', '[]', '\n'];
    const spelt = fc
      .array(fc.constantFrom(...parts), { minLength: 1, maxLength: 9 })
      .map((all) => all.join(''));
    const forged = fc.record(
      { name: spelt, labels: fc.dictionary(spelt, spelt, { maxKeys: 3 }) },
      { requiredKeys: ['name'] },
    );
    fc.assert(
      fc.property(forged, (point) => {
        const refusals = [known.read({ ...point }), checkPoint(point)].map(
          (read) => typeof read === 'string' && read,
        );
        expect(refusals[0]).toBe(refusals[1]);
      }),
      {
        numRuns: 5_000,
        examples: [
          [{ name: 'a[]' }],
          [{ name: '[]1\na' }],
          [{ name: 'a\nb\n1\nc\nd\n1\ne' }],
          [{ name: 'a', labels: { 'b\n1\nc\nd': 'e' } }],
          [{ name: 'a', labels: { 'b1\nc1\nd': 'e' } }],
        ],
      },
    );
  });

  it('are looked for once', () => {
    let looked = 0;
    const known = createKnownPoints({
      resolve(point, { strict }) {
        looked++;
        return resolveMetric(point, { catalogue: browserCatalogue, strict });
      },
    });
    for (let i = 0; i < 5; i++) {
      const point = known.read({ name: 'shots_total', labels: { cue: 'ash' }, value: i });
      if (typeof point !== 'string') known.resolve(point, tenant);
    }
    expect(looked).toBe(1);
  });
});

/** A copy where there can be one: the reader marks what it has read. */
function structuredCloneOf(value: object): unknown {
  return Object.assign(Object.create(Object.getPrototypeOf(value) as object | null), value);
}
