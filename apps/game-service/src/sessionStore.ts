import { Refusal } from './problem';
import { scoreGame, standings } from './scoreGame';
import { BALLS, type GameType, type Pot, type Session } from './session';

/** What the routes ask of the games; a later one keeps them in a database. */
export interface SessionStore {
  create(gameType: GameType, names: readonly string[]): Session;
  /** Throws a 404 `Refusal` naming `id` when there is no such session. */
  get(id: number): Session;
  /** Pots a ball for a player, who shoots again. Throws a `Refusal` naming the field that does not fit the game. */
  pot(id: number, pot: Pot): Session;
  /** Ends the game; one that has ended already is answered as it is. */
  finish(id: number): Session;
  /** Newest first. */
  list(limit: number, status?: Session['status']): Session[];
}

export interface SessionStoreOptions {
  /** Sessions kept in memory; beyond it the oldest goes, finished ones first. */
  readonly maxSessions: number;
  /** Unix time in ms. */
  readonly now: () => number;
}

interface Game {
  readonly session: Session;
  readonly pots: readonly Pot[];
}

/** Keeps the games in memory. */
export function createSessionStore({ maxSessions, now }: SessionStoreOptions): SessionStore {
  // A Map keeps the order of creation, which is also that of the ids.
  const games = new Map<number, Game>();
  let lastId = 0;

  const iso = () => new Date(now()).toISOString();

  function find(id: number): Game {
    const game = games.get(id);
    if (!game) throw new Refusal(404, `id ${id} is no session that is kept here`, 'id');
    return game;
  }

  function makeRoom() {
    if (games.size < maxSessions) return;
    let oldest: number | undefined;
    for (const [id, { session }] of games) {
      oldest ??= id;
      if (session.status === 'finished') {
        oldest = id;
        break;
      }
    }
    if (oldest !== undefined) games.delete(oldest);
  }

  function keep(session: Session, pots: readonly Pot[]): Session {
    games.set(session.id, { session, pots });
    return session;
  }

  function ended(session: Session): Session {
    const ranked = standings(session.players);
    const winners = ranked.filter((player) => player.place === 1).map((player) => player.id);
    return { ...session, status: 'finished', result: { standings: ranked, winners, finishedAt: iso() } };
  }

  return {
    create(gameType, names) {
      makeRoom();
      lastId += 1;
      const players = names.map((name, index) => ({ id: `p${index + 1}`, name, score: 0 }));
      const balls = Array.from({ length: BALLS }, (_, index) => index + 1);
      return keep(
        { id: lastId, gameType, players, balls, turn: 'p1', status: 'playing', createdAt: iso() },
        [],
      );
    },

    get: (id) => find(id).session,

    pot(id, pot) {
      const { session, pots } = find(id);
      if (session.status === 'finished')
        throw new Refusal(409, `status of session ${id} is finished`, 'status');
      const ids = session.players.map((player) => player.id);
      if (!ids.includes(pot.playerId)) {
        throw new Refusal(400, `playerId must be one of ${ids.join(', ')}`, 'playerId');
      }
      if (!session.balls.includes(pot.ball))
        throw new Refusal(409, `ball ${pot.ball} is potted already`, 'ball');

      const taken = [...pots, pot];
      const { scores, over } = scoreGame(session.gameType, ids, taken);
      const next: Session = {
        ...session,
        players: session.players.map((player, index) => ({ ...player, score: scores[index] ?? 0 })),
        balls: session.balls.filter((ball) => ball !== pot.ball),
        turn: pot.playerId,
      };
      return keep(over ? ended(next) : next, taken);
    },

    finish(id) {
      const { session, pots } = find(id);
      return session.status === 'finished' ? session : keep(ended(session), pots);
    },

    list(limit, status) {
      const all = [...games.values()].map((game) => game.session).reverse();
      return all.filter((session) => status === undefined || session.status === status).slice(0, limit);
    },
  };
}
