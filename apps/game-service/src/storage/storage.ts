import type { HealthCheck } from '@artel/telemetry-service/health';
import type { GameEvent } from '../gameEvent';
import type { Game, Step } from '../gameRules';
import type { GameType, Session } from '../session';

/** A command that a client may send twice, with what makes it the same one. */
export interface Command {
  /** The client's own id of the command; without one each is new. */
  readonly key?: string | undefined;
  /** What is commanded, all of it: a key that comes back with another command is refused. */
  readonly text: string;
}

interface NewGame {
  readonly gameType: GameType;
  readonly players: Session['players'];
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Keeps games. A change and the events that tell of it are kept together, or neither. */
export interface GameStore {
  create(game: NewGame, command: Command): Promise<Step>;
  get(id: number): Promise<Game | undefined>;
  /**
   * Changes a game by `step`, which nothing else changes meanwhile; `undefined` where there is no such game. A command
   * whose key was used already changes nothing, and answers the game as it is, without events. What `step` throws comes out.
   */
  change(id: number, command: Command, step: (game: Game) => Step): Promise<Step | undefined>;
  /** Newest first. */
  list(limit: number, status?: Session['status']): Promise<Session[]>;
  /** How many games of each type are being played. */
  countPlaying(): Promise<ReadonlyMap<GameType, number>>;
}

/** Headers that carry the trace and the request of a command on to whoever hears of it. */
export type Carried = Readonly<Record<string, string>>;

export interface OutboxEntry {
  readonly id: number;
  readonly event: GameEvent;
  readonly carried: Carried;
}

/** Events that nobody has confirmed yet, oldest first. */
export interface Outbox {
  /** Takes some for a while, so that no other process does; they come back by themselves. */
  claim(limit: number): Promise<OutboxEntry[]>;
  /** They have arrived. */
  remove(ids: readonly number[]): Promise<void>;
  /** They have not, and may be claimed again at once. */
  release(ids: readonly number[]): Promise<void>;
  size(): Promise<number>;
}

export interface GameStats {
  readonly gameType: GameType;
  readonly sessionsCreated: number;
  readonly sessionsFinished: number;
  readonly ballsPotted: number;
}

/** Figures of all games, made of events. */
export interface StatsBook {
  /** Counts an event once, however often it comes; tells whether it was new. */
  count(event: GameEvent): Promise<boolean>;
  read(): Promise<GameStats[]>;
}

export interface Storage {
  readonly games: GameStore;
  readonly outbox: Outbox;
  readonly stats: StatsBook;
  /** Whether the storage answers; nothing for one that cannot be away. */
  readonly health?: HealthCheck;
  /** Removes what is of no use any more: keys and ids older than a week. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}
