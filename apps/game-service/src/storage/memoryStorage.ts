import { carryRequest } from '../carriedRequest';
import type { GameEvent } from '../gameEvent';
import { ballsLeft, type Game, type Step, tellOf } from '../gameRules';
import { type GameType, gameTypes } from '../session';
import { keyTaken } from './keyTaken';
import type { Command, GameStats, OutboxEntry, Storage } from './storage';

export interface MemoryStorageOptions {
  /** Games kept; beyond it the oldest goes, finished ones first. */
  readonly maxSessions: number;
  /** Id of the first game. One that no earlier process has given, such as the Unix time in ms. */
  readonly firstId: number;
}

/** Command keys and counted events that are remembered. */
const REMEMBERED = 10_000;

function forgetOldest(all: Map<string, unknown> | Set<string>): void {
  if (all.size <= REMEMBERED) return;
  for (const oldest of all.keys()) {
    all.delete(oldest);
    return;
  }
}

/** Keeps everything in this process, for as long as it lives: what tests run on, which need no database. */
export function createMemoryStorage({ maxSessions, firstId }: MemoryStorageOptions): Storage {
  // A Map keeps the order of creation, which is also that of the ids.
  const games = new Map<number, Game>();
  const commands = new Map<string, { readonly id: number; readonly text: string }>();
  const outbox = new Map<number, OutboxEntry>();
  const claimed = new Set<number>();
  const counted = new Set<string>();
  const figures = new Map<GameType, { -readonly [Name in keyof GameStats]: GameStats[Name] }>();
  let nextId = firstId;
  let nextEntry = 1;

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

  function keep(step: Step, { key, text }: Command): Step {
    const { id } = step.game.session;
    games.set(id, step.game);
    if (key !== undefined) {
      commands.set(key, { id, text });
      forgetOldest(commands);
    }
    const carried = carryRequest();
    for (const event of step.events) {
      outbox.set(nextEntry, { id: nextEntry, event, carried });
      nextEntry += 1;
    }
    return step;
  }

  function replayed({ key, text }: Command, id?: number): Step | undefined {
    const before = key === undefined ? undefined : commands.get(key);
    if (!before) return undefined;
    if (before.text !== text || (id !== undefined && before.id !== id)) throw keyTaken();
    const game = games.get(before.id);
    return game && { game, events: [] };
  }

  return {
    games: {
      async create({ gameType, players, createdAt }, command) {
        const done = replayed(command);
        if (done) return done;
        makeRoom();
        const id = nextId;
        nextId += 1;
        const session = {
          ...{ id, gameType, players, balls: ballsLeft([]), turn: 'p1', status: 'playing' as const },
          createdAt,
        };
        const game = { session, pots: [], version: 1 };
        return keep({ game, events: [tellOf(session, 'session_created', createdAt)] }, command);
      },
      get: async (id) => games.get(id),
      async change(id, command, step) {
        const done = replayed(command, id);
        if (done) return done;
        const game = games.get(id);
        return game && keep(step(game), command);
      },
      async list(limit, status) {
        const all = [...games.values()].map((game) => game.session).reverse();
        return all.filter((session) => status === undefined || session.status === status).slice(0, limit);
      },
      async countPlaying() {
        const counts = new Map<GameType, number>();
        for (const { session } of games.values()) {
          if (session.status === 'playing')
            counts.set(session.gameType, (counts.get(session.gameType) ?? 0) + 1);
        }
        return counts;
      },
    },
    outbox: {
      async claim(limit) {
        const entries = [...outbox.values()].filter(({ id }) => !claimed.has(id)).slice(0, limit);
        for (const { id } of entries) claimed.add(id);
        return entries;
      },
      async remove(ids) {
        for (const id of ids) {
          outbox.delete(id);
          claimed.delete(id);
        }
      },
      async release(ids) {
        for (const id of ids) claimed.delete(id);
      },
      size: async () => outbox.size,
    },
    stats: {
      async count(event: GameEvent) {
        if (counted.has(event.id)) return false;
        counted.add(event.id);
        forgetOldest(counted);
        const { gameType } = event;
        const figure = figures.get(gameType) ?? {
          gameType,
          sessionsCreated: 0,
          sessionsFinished: 0,
          ballsPotted: 0,
        };
        if (event.type === 'session_created') figure.sessionsCreated += 1;
        if (event.type === 'session_finished') figure.sessionsFinished += 1;
        if (event.type === 'ball_potted') figure.ballsPotted += 1;
        figures.set(gameType, figure);
        return true;
      },
      read: async () =>
        gameTypes.flatMap((type) => {
          const figure = figures.get(type);
          return figure ? [{ ...figure }] : [];
        }),
    },
    sweep: async () => {},
    close: async () => {},
  };
}
