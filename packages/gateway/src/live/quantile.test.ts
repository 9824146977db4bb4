import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSeries } from '../series';
import { quantile } from './quantile';

const bounds = [10, 25, 50, 100, 250, 500, 1_000];

function count(values: readonly number[]): readonly number[] {
  const series = createSeries({ name: 'x', kind: 'histogram', buckets: bounds }, [], values);
  return series.kind === 'histogram' ? series.counts : [];
}

it('lies in the same bucket as the true quantile', () => {
  const values = fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(values, fc.constantFrom(0.05, 0.5, 0.75, 0.95, 0.99), (observed, q) => {
      const sorted = [...observed].sort((a, b) => a - b);
      const truth = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
      const upper = bounds.find((bound) => truth <= bound) ?? 0;
      const lower = bounds[bounds.indexOf(upper) - 1] ?? 0;
      const estimate = quantile(bounds, count(observed), q) ?? -1;
      expect(estimate).toBeGreaterThanOrEqual(lower);
      expect(estimate).toBeLessThanOrEqual(upper);
    }),
  );
});

it('never falls as q rises', () => {
  const counts = fc.array(fc.nat(50), { minLength: bounds.length + 1, maxLength: bounds.length + 1 });
  fc.assert(
    fc.property(counts, fc.double({ min: 0, max: 1 }), fc.double({ min: 0, max: 1 }), (buckets, a, b) => {
      const [low, high] = [
        quantile(bounds, buckets, Math.min(a, b)),
        quantile(bounds, buckets, Math.max(a, b)),
      ];
      expect(low === null ? 0 : low).toBeLessThanOrEqual(high === null ? 0 : high);
    }),
  );
});

it('is what Prometheus computes', () => {
  // histogram_quantile(0.95) over le=10: 5, le=25: 5, le=50: 15, le=100: 20
  expect(quantile(bounds, [5, 0, 10, 5, 0, 0, 0, 0], 0.95)).toBe(90);
  expect(quantile(bounds, [4, 0, 0, 0, 0, 0, 0, 0], 0.5)).toBe(5);
});

it('is the last bound for what is above it, and nothing of nothing', () => {
  expect(quantile(bounds, count([5_000, 6_000]), 0.5)).toBe(1_000);
  expect(quantile(bounds, count([]), 0.5)).toBeNull();
  expect(quantile([], [3], 0.5)).toBeNull();
});
