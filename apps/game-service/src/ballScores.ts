/** Balls that win a game of americanka, moskovskaya or nevskaya: the majority of 15. */
export const WINNING_BALLS = 8;

/**
 * Scores of americanka and its kin: one point for each potted ball. Whoever first has `WINNING_BALLS` wins.
 *
 * @returns the score of each player, in the order of `players`
 */
export function ballScores(players: readonly string[], potters: readonly string[]): number[] {
  return players.map((player) => potters.filter((potter) => potter === player).length);
}
