import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en';
import { createFormats } from '../i18n/formats';
import { ru } from '../i18n/ru';
import { openGame } from './playGame';
import { verdict } from './verdict';

const english = { language: 'en', texts: en, format: createFormats('en') } as const;
const russian = { language: 'ru', texts: ru, format: createFormats('ru') } as const;

function ended(...scores: number[]) {
  const session = openGame('1', 'kolkhoz', ['Anna', 'Boris', 'Guest'], '2026-01-02');
  return {
    ...session,
    players: session.players.map((player, at) => ({ ...player, score: scores[at] ?? 0 })),
  };
}

describe('verdict', () => {
  it.each([
    [[2, 0, -2], 'Anna wins', 'Победа: Анна'],
    [[1, 1, -2], 'Anna and Boris share the win', 'Победу делят Анна и Борис'],
    [[0, 0, 0], 'A draw', 'Ничья'],
    [[0, 0, 4], 'Guest wins', 'Победа: Guest'],
  ])('of %j', (scores, inEnglish, inRussian) => {
    expect(verdict(ended(...scores), english)).toBe(inEnglish);
    expect(verdict(ended(...scores), russian)).toBe(inRussian);
  });
});
