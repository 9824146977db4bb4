/** A game as the app keeps it: the game service's session, with its id as text. */
export interface Session {
  /** The service's number, or a random id for a game that the service does not know. */
  readonly id: string;
  readonly gameType: GameType;
  readonly players: readonly Player[];
  /** Numbers of the balls still on the table. */
  readonly balls: readonly number[];
  /** Id of the player who shoots. */
  readonly turn: string;
  readonly status: 'playing' | 'finished';
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface Player {
  readonly id: string;
  readonly name: string;
  readonly score: number;
}

export const gameTypes = ['kolkhoz', 'americanka', 'moskovskaya', 'nevskaya'] as const;
export type GameType = (typeof gameTypes)[number];

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isPlayer(value: unknown): value is Player {
  return (
    isObject(value) &&
    typeof value.id === 'string' &&
    typeof value.name === 'string' &&
    typeof value.score === 'number'
  );
}

/** Reads a session from what the service or the device's storage gave; `undefined` when it is none. */
export function parseSession(value: unknown): Session | undefined {
  if (!isObject(value)) return undefined;
  const { id, players, balls, turn, status, createdAt } = value;
  const gameType = gameTypes.find((type) => type === value.gameType);
  if ((typeof id !== 'string' && typeof id !== 'number') || gameType === undefined) return undefined;
  if (!Array.isArray(players) || !players.every(isPlayer)) return undefined;
  if (!Array.isArray(balls) || !balls.every((ball): ball is number => Number.isInteger(ball)))
    return undefined;
  if (typeof turn !== 'string' || typeof createdAt !== 'string') return undefined;
  if (status !== 'playing' && status !== 'finished') return undefined;
  return { id: String(id), gameType, players, balls, turn, status, createdAt };
}
