import { describe, expect, it } from 'vitest';
import { ownThemes, parseThemeParams, schemeOf } from './theme';

describe('parseThemeParams', () => {
  it('keeps colours', () => {
    expect(parseThemeParams('{"bg_color":"#17212b","text_color":"#F5F5F5"}')).toEqual({
      bg_color: '#17212b',
      text_color: '#F5F5F5',
    });
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '7'],
    ['nothing', undefined],
    ['no colour', '{"bg_color":"url(https://evil.example)"}'],
    ['no name', '{"bg-color: red; x":"#ffffff"}'],
  ])('keeps nothing of %s', (_, json) => {
    expect(parseThemeParams(json)).toEqual({});
  });
});

describe('schemeOf', () => {
  it('tells dark themes from light ones by their background', () => {
    expect(schemeOf(ownThemes.light)).toBe('light');
    expect(schemeOf(ownThemes.dark)).toBe('dark');
    expect(schemeOf({})).toBeUndefined();
  });
});
