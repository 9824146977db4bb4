/** Who is at a table now. */
export interface Presence {
  /** A player has been heard of; forgotten again after `PRESENCE_SECONDS`. Never rejects. */
  see(sessionId: number, playerId: string): Promise<void>;
  /** Ids of the players heard of lately; `undefined` where that cannot be known now. */
  online(sessionId: number): Promise<string[] | undefined>;
}

export const PRESENCE_SECONDS = 60;
