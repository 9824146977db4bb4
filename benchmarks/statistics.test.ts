import { describe, expect, it } from 'vitest';
import { median, quantile } from './statistics';

describe('the median', () => {
  it('is the middle value, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('sorts by size, not by text', () => {
    expect(median([10, 9, 100])).toBe(10);
  });

  it('is the upper one of two middle values', () => {
    expect(median([1, 2, 3, 4])).toBe(3);
  });

  it('is NaN without values, so that a comparison with a goal fails', () => {
    expect(median([])).toBeNaN();
  });
});

describe('a quantile', () => {
  it('is a value of the list', () => {
    expect(quantile([50, 10, 40, 20, 30], 0.25)).toBe(20);
    expect(quantile([50, 10, 40, 20, 30], 0.75)).toBe(40);
  });

  it('does not change the list', () => {
    const values = [3, 1, 2];
    quantile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });
});
