import type { GameType } from './session';

/** Number on the ball that stands for each game. */
export const gameBalls: Readonly<Record<GameType, number>> = {
  kolkhoz: 15,
  americanka: 8,
  moskovskaya: 3,
  nevskaya: 11,
};
