import type { BusinessEventLogger } from '@artel/telemetry-service/logging';
import type { AppMetrics } from '@artel/telemetry-service/metrics';
import { GameTracer } from '@artel/telemetry-service/tracing';
import type { SessionCache, SessionView } from './cache/sessionCache';
import { finishGame, potBall, type Score, type Step, seatPlayers } from './gameRules';
import { Refusal } from './problem';
import { scoreGame } from './scoreGame';
import { type GameType, gameTypes, type Pot, type Session } from './session';
import type { GameStore } from './storage/storage';

/** What the routes ask of the games. Verbs that change one take a `key` under which they are done once. */
export interface Games {
  create(gameType: GameType, names: readonly string[], key?: string): Promise<Session>;
  /** Throws a 404 `Refusal` naming `id` when there is no such session. */
  get(id: number): Promise<Session>;
  /** The same with its version. */
  view(id: number): Promise<SessionView>;
  /** Pots a ball for a player, who shoots again. Throws a `Refusal` naming the field that does not fit the game. */
  pot(id: number, pot: Pot, key?: string): Promise<Session>;
  /** Ends the game; one that has ended already is answered as it is. */
  finish(id: number, key?: string): Promise<Session>;
  /** Newest first. */
  list(limit: number, status?: Session['status']): Promise<Session[]>;
}

export interface GamesOptions {
  readonly store: GameStore;
  readonly cache: SessionCache;
  readonly metrics: AppMetrics;
  readonly events: Pick<BusinessEventLogger, 'logGameEvent'>;
  /** Unix time in ms. */
  readonly now: () => number;
  /** Told of each session that has changed. */
  readonly onChange: (view: SessionView) => void;
}

const MINUTE = 60_000;
const PLAYING_MS = 1_000;
const CREATION_FAILED = 'session_creation_failed';

/** Whether whoever asked is at fault, and the game was not to be created. */
const isRefused = (error: unknown): boolean => error instanceof Refusal && error.statusCode < 500;

/** The score under a span, which shows what a game with many balls costs. */
function tracedScore(id: number): Score {
  return (gameType, players, pots) => {
    const span = new GameTracer().traceScoreCalculation(gameType, String(id));
    try {
      return scoreGame(gameType, players, pots);
    } finally {
      span.end();
    }
  };
}

/** Games by the rules, with all that is to be seen of them: business events, metrics, spans. */
export function createGames(options: GamesOptions): Games {
  const { store, cache, metrics, events, now, onChange } = options;
  const iso = () => new Date(now()).toISOString();

  let playing: { readonly at: number; readonly counts: ReturnType<GameStore['countPlaying']> } | undefined;
  const countPlaying = (gameType: GameType) => async () => {
    // One question for all types of one scrape.
    if (!playing || performance.now() - playing.at > PLAYING_MS) {
      playing = { at: performance.now(), counts: store.countPlaying() };
    }
    return (await playing.counts).get(gameType) ?? 0;
  };
  for (const gameType of gameTypes) {
    metrics.activeGameSessions.watch({ game_type: gameType }, countPlaying(gameType));
    metrics.gameSessionDuration.zero({ game_type: gameType });
    for (const event of ['session_created', CREATION_FAILED]) {
      metrics.gameEventsTotal.zero({ event_type: event, game_type: gameType });
    }
  }

  const missing = (id: number) => new Refusal(404, `id ${id} is no session that is kept here`, 'id');

  async function settle({ game, events: told }: Step): Promise<Session> {
    const { session, version } = game;
    for (const { type, playerId, ball } of told) {
      metrics.trackBusinessEvent(type, session.gameType);
      events.logGameEvent(type, String(session.id), playerId ?? '', {
        game_type: session.gameType,
        ...(ball === undefined ? { players: session.players.length } : { ball }),
      });
      if (type === 'session_finished') {
        const minutes = (now() - Date.parse(session.createdAt)) / MINUTE;
        metrics.gameSessionDuration.observe({ game_type: session.gameType }, Math.max(0, minutes));
      }
    }
    if (told.length > 0) {
      await cache.put({ session, version });
      onChange({ session, version });
    }
    return session;
  }

  async function change(id: number, step: Promise<Step | undefined>): Promise<Session> {
    const done = await step;
    if (!done) throw missing(id);
    return settle(done);
  }

  async function view(id: number): Promise<SessionView> {
    const cached = await cache.get(id);
    if (cached) return cached;
    const game = await store.get(id);
    if (!game) throw missing(id);
    const { session, version } = game;
    await cache.put({ session, version });
    return { session, version };
  }

  return {
    view,
    async create(gameType, names, key) {
      metrics.trackUserAction('create_session');
      const text = `create ${gameType} ${JSON.stringify(names)}`;
      const game = { gameType, players: seatPlayers(names), createdAt: iso() };
      try {
        return await settle(await store.create(game, { key, text }));
      } catch (error) {
        if (!isRefused(error)) metrics.trackBusinessEvent(CREATION_FAILED, gameType);
        throw error;
      }
    },
    get: async (id) => (await view(id)).session,
    pot(id, pot, key) {
      metrics.trackUserAction('pot_ball');
      const command = { key, text: `pot ${pot.playerId} ${pot.ball}` };
      return change(
        id,
        store.change(id, command, (game) => potBall(game, pot, iso(), tracedScore(id))),
      );
    },
    finish(id, key) {
      metrics.trackUserAction('finish_session');
      return change(
        id,
        store.change(id, { key, text: 'finish' }, (game) => finishGame(game, iso())),
      );
    },
    list: (limit, status) => store.list(limit, status),
  };
}
