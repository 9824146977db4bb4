import type { GameType, Player, Session } from './session';

const BALLS = 15;
/** Balls that win a game of americanka and its kin. */
const WINNING_BALLS = 8;

/** A game as it stands before the first ball. */
export function openGame(
  id: string,
  gameType: GameType,
  names: readonly string[],
  createdAt: string,
): Session {
  const players = names.map((name, index) => ({ id: `p${index + 1}`, name, score: 0 }));
  const balls = Array.from({ length: BALLS }, (_, index) => index + 1);
  return { id, gameType, players, balls, turn: 'p1', status: 'playing', createdAt };
}

/**
 * Scores after a ball by the rules of the game service: in kolkhoz every other player pays the potter a point, so the
 * sum stays 0; in all other games the potter has one more.
 */
function scoreBall(gameType: GameType, players: readonly Player[], potter: string): Player[] {
  const gain = gameType === 'kolkhoz' ? players.length - 1 : 1;
  const loss = gameType === 'kolkhoz' ? 1 : 0;
  return players.map((player) => ({
    ...player,
    score: player.id === potter ? player.score + gain : player.score - loss,
  }));
}

/** The game after whoever's turn it is potted `ball`; `undefined` when that ball is not there to be potted. */
export function potBall(session: Session, ball: number): Session | undefined {
  if (session.status === 'finished' || !session.balls.includes(ball)) return undefined;
  const players = scoreBall(session.gameType, session.players, session.turn);
  const balls = session.balls.filter((other) => other !== ball);
  const won = session.gameType !== 'kolkhoz' && players.some((player) => player.score >= WINNING_BALLS);
  return { ...session, players, balls, status: won || balls.length === 0 ? 'finished' : 'playing' };
}

/** The game after a miss: the next player shoots. */
export function passTurn(session: Session): Session {
  const at = session.players.findIndex((player) => player.id === session.turn);
  const next = session.players[(at + 1) % session.players.length];
  return next && session.status === 'playing' ? { ...session, turn: next.id } : session;
}

export interface Standing extends Player {
  /** 1 for the best; players with equal scores share a place. */
  readonly place: number;
}

/** Players by score, best first. */
export function standings(players: readonly Player[]): Standing[] {
  return players
    .map((player) => ({ ...player, place: 1 + players.filter((other) => other.score > player.score).length }))
    .sort((a, b) => a.place - b.place);
}
