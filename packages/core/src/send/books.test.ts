import { describe, expect, it } from 'vitest';
import { createBooks } from './books';

describe('the books', () => {
  it('add up what was dropped, by reason', () => {
    const books = createBooks();
    books.drop('age', 2);
    books.drop('age', 3);
    books.drop('invalid', 1);
    books.drop('overflow', 0);
    expect(books.dropped).toEqual({ age: 5, invalid: 1 });
  });

  it('give each drop to one batch', () => {
    const books = createBooks();
    expect(books.takeUnreported()).toBeUndefined();
    books.drop('age', 2);
    expect(books.takeUnreported()).toEqual({ age: 2 });
    expect(books.takeUnreported()).toBeUndefined();
  });

  it('give it to another when that batch was dropped', () => {
    const books = createBooks();
    books.drop('age', 2);
    books.giveBack(books.takeUnreported());
    books.giveBack(undefined);
    books.drop('age', 1);
    expect(books.takeUnreported()).toEqual({ age: 3 });
    expect(books.dropped).toEqual({ age: 3 });
  });

  it('do not report what a player refused, or the sample left out', () => {
    const books = createBooks();
    books.drop('consent', 2);
    books.drop('sampled', 1);
    expect(books.takeUnreported()).toBeUndefined();
    expect(books.dropped).toEqual({ consent: 2, sampled: 1 });
  });
});
