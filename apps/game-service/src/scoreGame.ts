import { ballScores, WINNING_BALLS } from './ballScores';
import { kolkhozScores } from './kolkhozScores';
import { BALLS, type GameType, type Player, type Pot, type Standing } from './session';

export interface Scoring {
  /** In the order of the players. */
  readonly scores: readonly number[];
  /** No further ball can change the outcome. */
  readonly over: boolean;
}

/** Scores a game by the rules of its type, and says whether the rules end it here. */
export function scoreGame(gameType: GameType, players: readonly string[], pots: readonly Pot[]): Scoring {
  const potters = pots.map((pot) => pot.playerId);
  const cleared = pots.length >= BALLS;
  if (gameType === 'kolkhoz') return { scores: kolkhozScores(players, potters), over: cleared };
  const scores = ballScores(players, potters);
  return { scores, over: cleared || scores.some((score) => score >= WINNING_BALLS) };
}

/** Players by score, best first; equals share a place, as in sport: 1, 2, 2, 4. */
export function standings(players: readonly Player[]): Standing[] {
  return players
    .map((player) => ({ ...player, place: 1 + players.filter((other) => other.score > player.score).length }))
    .sort((a, b) => a.place - b.place);
}
