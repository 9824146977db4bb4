/**
 * Scores of kolkhoz ("колхоз"), the Russian game in which every player is for himself: each potted ball is paid to
 * the potter by every other player, so the potter gains `n - 1` and each of the others loses 1. The scores therefore
 * always sum to 0.
 *
 * @param players ids of all players, each once
 * @param potters id of the potter of each ball, in any order; an id that is not among `players` is passed over
 * @returns the score of each player, in the order of `players`
 */
export function kolkhozScores(players: readonly string[], potters: readonly string[]): number[] {
  const known = potters.filter((potter) => players.includes(potter));
  return players.map((player) => {
    const own = known.filter((potter) => potter === player).length;
    return own * (players.length - 1) - (known.length - own);
  });
}
