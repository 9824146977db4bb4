import type { GameApi } from './gameApi';
import type { Command, Deed, Game, GameShelf } from './gameShelf';
import { openGame, passTurn, potBall } from './playGame';
import type { GameType, Session } from './session';

/** All games of this device. Every verb takes effect at once; the service is told behind the player's back. */
export interface Games {
  subscribe(watcher: () => void): () => void;
  get(id: string): Game | undefined;
  /** Newest first; the same array until a game changes. */
  list(): readonly Game[];
  /** Starts a game: the service's, or one of our own (`link: 'local'`) when it does not answer. */
  create(gameType: GameType, names: readonly string[]): Promise<Game>;
  /** The game, fetched from the service when this device does not have it. */
  open(id: string): Promise<Game | undefined>;
  /** Pots a ball for whoever's turn it is; `undefined` when it is not on the table, as after a double tap. */
  pot(id: string, ball: number): Session | undefined;
  /** Lets the next player shoot. */
  miss(id: string): void;
  /** Ends the game; `undefined` when it has ended already. */
  finish(id: string): Session | undefined;
  /** Tells the service, where it is owed something, what it does not know yet. */
  sync(): Promise<void>;
}

export interface GamesOptions {
  readonly api: GameApi;
  readonly shelf: GameShelf;
  /** For games without a number, and for the keys of commands. */
  readonly randomId: () => string;
  /** Unix time in ms. */
  readonly now: () => number;
}

export function createGames({ api, shelf, randomId, now }: GamesOptions): Games {
  const games = new Map(shelf.load().map((game) => [game.session.id, game]));
  const watchers = new Set<() => void>();
  const syncing = new Set<string>();
  let listed: readonly Game[] | undefined;

  function keep(game: Game): Game {
    // Taken out first, so that the shelf keeps the games that were touched last.
    games.delete(game.session.id);
    games.set(game.session.id, game);
    listed = undefined;
    shelf.save([...games.values()]);
    for (const watcher of watchers) watcher();
    return game;
  }

  function change(game: Game, session: Session, deed?: Deed) {
    const isTold = game.link !== 'local' && deed !== undefined;
    const pending = isTold ? [...game.pending, { ...deed, key: randomId() }] : game.pending;
    keep({ ...game, session, pending });
    void tellAll(session.id);
  }

  function tell(id: string, command: Command) {
    return command.verb === 'pot'
      ? api.pot(id, command.playerId, command.ball, command.key)
      : api.finish(id, command.key);
  }

  async function tellAll(id: string) {
    if (syncing.has(id)) return;
    syncing.add(id);
    for (;;) {
      const command = games.get(id)?.pending[0];
      if (!command) break;
      const answer = await tell(id, command);
      const game = games.get(id);
      if (!game) break;
      if (answer.kind === 'unreachable') {
        if (game.link !== 'offline') keep({ ...game, link: 'offline' });
        break;
      }
      // A refusal of one ball (another device told of it: 409) must not hold up the next; a lost session (404) ends the telling.
      const lost = answer.kind === 'refused' && answer.status === 404;
      keep(
        lost
          ? { ...game, pending: [], link: 'local' }
          : { ...game, pending: game.pending.slice(1), link: 'online' },
      );
    }
    syncing.delete(id);
  }

  return {
    subscribe(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    get: (id) => games.get(id),
    list() {
      listed ??= [...games.values()].sort((a, b) => b.session.createdAt.localeCompare(a.session.createdAt));
      return listed;
    },

    async create(gameType, names) {
      const answer = await api.create(gameType, names, randomId());
      if (answer.kind === 'ok') return keep({ session: answer.value, pending: [], link: 'online' });
      const session = openGame(randomId(), gameType, names, new Date(now()).toISOString());
      return keep({ session, pending: [], link: 'local' });
    },

    async open(id) {
      const here = games.get(id);
      if (here) return here;
      const answer = await api.get(id);
      return answer.kind === 'ok' ? keep({ session: answer.value, pending: [], link: 'online' }) : undefined;
    },

    pot(id, ball) {
      const game = games.get(id);
      const next = game && potBall(game.session, ball);
      if (game && next) change(game, next, { verb: 'pot', playerId: game.session.turn, ball });
      return next;
    },

    miss(id) {
      const game = games.get(id);
      if (game) change(game, passTurn(game.session));
    },

    finish(id) {
      const game = games.get(id);
      if (game?.session.status !== 'playing') return undefined;
      const next: Session = { ...game.session, status: 'finished' };
      change(game, next, { verb: 'finish' });
      return next;
    },

    async sync() {
      const owed = [...games.values()].filter((game) => game.pending.length > 0);
      await Promise.all(owed.map((game) => tellAll(game.session.id)));
    },
  };
}
