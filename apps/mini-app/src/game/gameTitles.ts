import type { GameType } from './session';

export interface GameTitle {
  readonly name: string;
  readonly russian: string;
  readonly rule: string;
  /** Number on the ball that stands for the game. */
  readonly ball: number;
}

/** What the lobby and the table call each game. */
export const gameTitles: Readonly<Record<GameType, GameTitle>> = {
  kolkhoz: { name: 'Kolkhoz', russian: 'Колхоз', rule: 'All against all, every ball is paid', ball: 15 },
  americanka: { name: 'Americanka', russian: 'Американка', rule: 'Free pyramid, first to eight', ball: 8 },
  moskovskaya: {
    name: 'Moskovskaya',
    russian: 'Московская',
    rule: 'Combined pyramid, first to eight',
    ball: 3,
  },
  nevskaya: { name: 'Nevskaya', russian: 'Невская', rule: 'Neva pyramid, first to eight', ball: 11 },
};
