import { type GameType, gameTypes } from './session';

const gameEventTypes = ['session_created', 'ball_potted', 'session_finished'] as const;

/** What happened in a game, as the queue carries it. */
export interface GameEvent {
  /** A UUID: who has taken an event of this id must not take it again. */
  readonly id: string;
  readonly type: (typeof gameEventTypes)[number];
  readonly sessionId: number;
  readonly gameType: GameType;
  /** ISO 8601. */
  readonly at: string;
  readonly playerId?: string;
  readonly ball?: number;
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Reads an event from what a queue or a table gave; `undefined` when it is none. */
export function parseGameEvent(value: unknown): GameEvent | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const read = (name: keyof GameEvent): unknown => Reflect.get(value, name);
  const [id, sessionId, at, playerId, ball] = [
    read('id'),
    read('sessionId'),
    read('at'),
    read('playerId'),
    read('ball'),
  ];
  const type = gameEventTypes.find((one) => one === read('type'));
  const gameType = gameTypes.find((one) => one === read('gameType'));
  if (typeof id !== 'string' || !UUID.test(id) || !type || !gameType) return undefined;
  if (typeof sessionId !== 'number' || !Number.isSafeInteger(sessionId) || typeof at !== 'string')
    return undefined;
  return {
    id,
    type,
    sessionId,
    gameType,
    at,
    ...(typeof playerId === 'string' ? { playerId } : {}),
    ...(typeof ball === 'number' ? { ball } : {}),
  };
}
