import { inertTelemetry } from '@artel/telemetry-core';
import { expect, it } from 'vitest';
import { balance } from './balance';

const stats = { ...inertTelemetry().stats(), emitted: 10, acknowledged: 4, pending: 3 };

it('sums the drops up, the most frequent reason first, and leaves out those without events', () => {
  expect(balance({ ...stats, dropped: { age: 1, consent: 2, overflow: 0 } })).toEqual({
    dropped: 3,
    reasons: [
      ['consent', 2],
      ['age', 1],
    ],
    out: 0,
  });
});

it('tells by how much the books are out', () => {
  expect(balance({ ...stats, dropped: {} }).out).toBe(3);
  expect(balance({ ...stats, pending: 9, dropped: {} }).out).toBe(-3);
});
