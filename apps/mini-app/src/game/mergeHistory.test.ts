import { expect, it } from 'vitest';
import { mergeHistory } from './mergeHistory';
import { openGame } from './playGame';
import type { Session } from './session';

const game = (id: string, day: number, status: Session['status'] = 'finished'): Session => ({
  ...openGame(id, 'kolkhoz', ['Anna', 'Boris'], `2026-01-0${day}T00:00:00.000Z`),
  status,
});

it('lists each finished game once, newest first', () => {
  const merged = mergeHistory(
    [game('2', 3), game('ab', 2), game('4', 5, 'playing')],
    [game('2', 3), game('1', 4)],
  );
  expect(merged.map(({ id }) => id)).toEqual(['1', '2', 'ab']);
});

it('keeps apart two games that bear the same number', () => {
  expect(mergeHistory([game('1', 2)], [game('1', 3)])).toHaveLength(2);
});
