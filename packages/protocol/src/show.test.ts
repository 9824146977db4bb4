import { expect, it } from 'vitest';
import { show } from './show';

it.each([
  ['a"b', '"a\\"b"'],
  [7, '7'],
  [null, 'null'],
  [undefined, 'undefined'],
  [[1], 'an array'],
  [{ toString: 1 }, 'an object'],
])('shows %j as %s', (value, text) => {
  expect(show(value)).toBe(text);
});

it('shows no more than the first 60 characters of a long text', () => {
  expect(show('s'.repeat(100))).toMatch(/^"s{59}… \(102 characters\)$/);
});
