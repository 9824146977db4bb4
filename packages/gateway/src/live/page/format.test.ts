import { expect, it } from 'vitest';
import { ago, count, duration, lag, percent, plural, rate } from './format';

it('writes durations in the unit that one would say', () => {
  expect([0, 4.26, 84.4, 999, 999.7, 1_000, 2_340, 12_400].map((ms) => duration(ms))).toEqual([
    '0 ms',
    '4.3 ms',
    '84 ms',
    '999 ms',
    '1 s',
    '1 s',
    '2.34 s',
    '12 s',
  ]);
  expect(duration(null)).toBe('–');
  expect(duration(30_000, 30_000)).toBe('≥ 30 s');
});

it('writes numbers as wide as they need to be', () => {
  expect([0, 0.04, 3.127, 42.4, 12_345].map(rate)).toEqual(['0', '0.04', '3.1', '42', '12,345']);
  expect([7, 99_999, 1_234_567].map(count)).toEqual(['7', '99,999', '1.2M']);
  expect([plural(1, 'batch', 'batches'), plural(2, 'call')]).toEqual(['1 batch', '2 calls']);
});

it('never rounds a share to all or nothing that is not', () => {
  expect([percent(1, 1_000), percent(999, 1_000), percent(0, 5), percent(5, 5), percent(1, 3)]).toEqual([
    '<1 %',
    '>99 %',
    '0 %',
    '100 %',
    '33 %',
  ]);
  expect(percent(0, 0)).toBe('–');
});

it('tells ages as one would', () => {
  const now = 10_000_000;
  expect([0, 12_900, 185_000, 7_300_000].map((ms) => ago(now - ms, now))).toEqual([
    'just now',
    '12 s ago',
    '3 min ago',
    '2 h ago',
  ]);
  // The clock of another gateway behind the same address may be ahead.
  expect(ago(now + 5_000, now)).toBe('just now');
  expect([lag(0.42), lag(75)]).toEqual(['0.4 s', '1 min']);
});
