import { randomUUID } from 'node:crypto';
import type { GameEvent } from './gameEvent';
import { Refusal } from './problem';
import { type Scoring, standings } from './scoreGame';
import { BALLS, type GameType, type Player, type Pot, type Session } from './session';

/** A session with what its answers do not show. */
export interface Game {
  readonly session: Session;
  readonly pots: readonly Pot[];
  /** 1 for a new one; one more with each change. */
  readonly version: number;
}

/** What a command makes of a game, and what it tells the world. */
export interface Step {
  readonly game: Game;
  readonly events: readonly GameEvent[];
}

export type Score = (gameType: GameType, players: readonly string[], pots: readonly Pot[]) => Scoring;

/** Numbers of the balls that are not down, ascending. */
export function ballsLeft(pots: readonly Pot[]): number[] {
  const down = new Set(pots.map(({ ball }) => ball));
  return Array.from({ length: BALLS }, (_, index) => index + 1).filter((ball) => !down.has(ball));
}

/** The players of a new game: `p1`, `p2`, … without a score. */
export function seatPlayers(names: readonly string[]): Player[] {
  return names.map((name, index) => ({ id: `p${index + 1}`, name, score: 0 }));
}

/** An event of a session, with an id of its own. */
export function tellOf(
  session: Pick<Session, 'id' | 'gameType'>,
  type: GameEvent['type'],
  at: string,
  details: Partial<Pick<GameEvent, 'playerId' | 'ball'>> = {},
): GameEvent {
  return { id: randomUUID(), sessionId: session.id, gameType: session.gameType, type, at, ...details };
}

function ended(session: Session, at: string): Session {
  const ranked = standings(session.players);
  const winners = ranked.filter((player) => player.place === 1).map((player) => player.id);
  return { ...session, status: 'finished', result: { standings: ranked, winners, finishedAt: at } };
}

/** The game with one more ball down. Throws a `Refusal` naming the field that does not fit the game. */
export function potBall({ session, pots, version }: Game, pot: Pot, at: string, score: Score): Step {
  if (session.status === 'finished')
    throw new Refusal(409, `status of session ${session.id} is finished`, 'status');
  const ids = session.players.map((player) => player.id);
  if (!ids.includes(pot.playerId)) {
    throw new Refusal(400, `playerId must be one of ${ids.join(', ')}`, 'playerId');
  }
  if (!session.balls.includes(pot.ball)) throw new Refusal(409, `ball ${pot.ball} is potted already`, 'ball');

  const taken = [...pots, pot];
  const { scores, over } = score(session.gameType, ids, taken);
  const next: Session = {
    ...session,
    players: session.players.map((player, index) => ({ ...player, score: scores[index] ?? 0 })),
    balls: ballsLeft(taken),
    turn: pot.playerId,
  };
  const events = [tellOf(session, 'ball_potted', at, pot)];
  if (over) events.push(tellOf(session, 'session_finished', at));
  return { game: { session: over ? ended(next, at) : next, pots: taken, version: version + 1 }, events };
}

/** The game at its end; one that has ended already stays as it is. */
export function finishGame(game: Game, at: string): Step {
  const { session, version } = game;
  if (session.status === 'finished') return { game, events: [] };
  return {
    game: { ...game, session: ended(session, at), version: version + 1 },
    events: [tellOf(session, 'session_finished', at)],
  };
}
