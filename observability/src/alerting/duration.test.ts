import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration';

describe('a duration', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['30s', 30_000],
    ['1h30m', 5_400_000],
    ['1y2w3d', 33_004_800_000],
    ['1s500ms', 1_500],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '5', 'm', '5m1h', '-5m', '1.5h', '5 m', '5x'])('is not "%s"', (text) =>
    expect(() => parseDuration(text)).toThrow(`"${text}" must be a duration`),
  );

  it('comes back from what is written', () => {
    fc.assert(
      fc.property(fc.nat(4_000_000_000), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  it('is written in whole ms alone', () => {
    for (const ms of [-1, 0.5, Number.NaN]) expect(() => formatDuration(ms)).toThrow('whole number of ms');
  });
});
