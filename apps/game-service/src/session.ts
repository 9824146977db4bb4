/** The games of Russian billiards that the service knows. */
export const gameTypes = ['kolkhoz', 'americanka', 'moskovskaya', 'nevskaya'] as const;
export type GameType = (typeof gameTypes)[number];

/** Numbered balls on a Russian billiard table; the cue ball has no number. */
export const BALLS = 15;

/** One ball that went down, and who sent it there. */
export interface Pot {
  readonly playerId: string;
  readonly ball: number;
}

export interface Player {
  /** `p1`, `p2`, … in the order of the request. */
  readonly id: string;
  readonly name: string;
  readonly score: number;
}

export interface Standing extends Player {
  /** 1 for the best; players with equal scores share a place. */
  readonly place: number;
}

export interface GameResult {
  /** Best first. */
  readonly standings: readonly Standing[];
  /** Ids of those in the first place. */
  readonly winners: readonly string[];
  /** ISO 8601. */
  readonly finishedAt: string;
}

/** A game as the routes answer it. */
export interface Session {
  readonly id: number;
  readonly gameType: GameType;
  readonly players: readonly Player[];
  /** Numbers of the balls still on the table, ascending. */
  readonly balls: readonly number[];
  /** Id of the player who shoots: whoever potted last goes on, as the rules have it. */
  readonly turn: string;
  readonly status: 'playing' | 'finished';
  /** ISO 8601. */
  readonly createdAt: string;
  readonly result?: GameResult;
}
