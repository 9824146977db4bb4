import { describe, expect, it } from 'vitest';
import { backoff, retryAfter } from './backoff';

describe('the backoff', () => {
  it('doubles from one second to one minute, at most', () => {
    const longest = [1, 2, 3, 6, 7, 8, 2_000].map((failures) => backoff(failures, 1));
    expect(longest).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('lies anywhere below that, so that clients do not come back together', () => {
    expect([0, 0.25, 0.5].map((random) => backoff(3, random))).toEqual([0, 1_000, 2_000]);
  });
});

describe('Retry-After', () => {
  const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
  it.each([
    ['30', 30_000],
    ['1.5', 1_500],
    ['Wed, 21 Oct 2026 07:30:00 GMT', 120_000],
    ['Wed, 21 Oct 2026 07:00:00 GMT', 0],
    ['86400', 3_600_000],
    ['-5', 0],
    ['soon', 0],
    ['', 0],
  ])('of %j asks for %d ms', (value, ms) => {
    expect(retryAfter({ headers: new Headers({ 'retry-after': value, date }) })).toBe(ms);
  });

  it('that is a date means nothing without the date of its answer', () => {
    expect(retryAfter({ headers: new Headers({ 'retry-after': date }) })).toBe(0);
    expect(retryAfter({ headers: new Headers() })).toBe(0);
  });
});
