import { expect, it } from 'vitest';
import { utf8Length } from './utf8Length';

it('counts UTF-8 as the encoder does', () => {
  for (const text of ['', 'abc', 'Шары', '€', '🎱', 'a🎱б\uD83C', '\uDFB1']) {
    expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
  }
});
