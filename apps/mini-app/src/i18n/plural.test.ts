import { describe, expect, it } from 'vitest';
import { pluralIn } from './plural';

describe('pluralIn', () => {
  it('tells one from many in English', () => {
    const balls = pluralIn('en')({ one: '# ball', other: '# balls' });
    expect([0, 1, 2, 1_000].map(balls)).toEqual(['0 balls', '1 ball', '2 balls', '1,000 balls']);
  });

  it.each([
    ['шар', [1, 21, 101]],
    ['шара', [2, 3, 4, 22, 104]],
    ['шаров', [0, 5, 11, 12, 14, 20, 111, 112]],
  ])('says %s for each such count in Russian', (word, counts) => {
    const balls = pluralIn('ru')({ one: '# шар', few: '# шара', many: '# шаров', other: '# шара' });
    expect(counts.map(balls)).toEqual(counts.map((count) => `${count} ${word}`));
  });

  it('takes the form for fractions in Russian', () => {
    const points = pluralIn('ru')({ one: '# очко', few: '# очка', many: '# очков', other: '# очка' });
    expect(points(1.5)).toBe('1,5 очка');
  });
});
