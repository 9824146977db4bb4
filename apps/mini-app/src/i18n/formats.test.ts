import { describe, expect, it } from 'vitest';
import { createFormats } from './formats';

const spaces = (text: string) => text.replace(/\s/g, ' ');

describe('createFormats', () => {
  it.each([
    ['en', '12,345', '512 B', '1.5 KiB', '1,200 ms', 'A, B and C'],
    ['ru', '12 345', '512 Б', '1,5 КиБ', '1 200 мс', 'A, B и C'],
  ] as const)('writes as %s does', (language, number, bytes, kibibytes, duration, list) => {
    const format = createFormats(language);
    expect(spaces(format.number(12_345))).toBe(number);
    expect(format.number(1_234)).toBe('1234');
    expect(spaces(format.bytes(512))).toBe(bytes);
    expect(spaces(format.bytes(1_536))).toBe(kibibytes);
    expect(spaces(format.duration(1_200))).toBe(duration);
    expect(format.list(['A', 'B', 'C'])).toBe(list);
  });

  it('gives scores their sign where they are debts and claims', () => {
    const { score } = createFormats('en');
    expect([3, 0, -2].map((value) => score(value, true))).toEqual(['+3', '0', '-2']);
    expect(score(3, false)).toBe('3');
  });

  it('names the day in the language', () => {
    const unixMs = Date.UTC(2026, 0, 15, 12);
    expect(createFormats('en').moment(unixMs)).toContain('15 Jan');
    expect(createFormats('ru').moment(unixMs)).toContain('15 янв');
  });
});
