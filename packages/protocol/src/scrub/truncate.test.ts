import fc from 'fast-check';
import { expect, it } from 'vitest';
import { truncate } from './truncate';

it('leaves a text within its limit as it is', () => {
  expect(truncate('abc', 3)).toBe('abc');
});

it('ends a shortened text with an ellipsis', () => {
  expect(truncate('abcd', 3)).toBe('ab\u2026');
  expect(truncate('abcd', 1)).toBe('\u2026');
});

it('cuts before an emoji that does not fit whole', () => {
  const ball = '\u{1f3b1}';
  expect(truncate(`a${ball}bc`, 3)).toBe('a\u2026');
  expect(truncate(`a${ball}bc`, 4)).toBe(`a${ball}\u2026`);
});

it('never exceeds the limit and never makes a lone surrogate', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 12 }), (text, max) => {
      const short = truncate(text, max);
      expect(short.length).toBeLessThanOrEqual(max);
      expect(short).not.toMatch(/\p{Cs}/u);
    }),
  );
});
