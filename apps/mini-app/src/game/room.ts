import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Bridge } from '../telegram/bridge';
import type { GameApi } from './gameApi';
import type { Game } from './gameShelf';
import type { Games } from './games';

/** What the pages work with; made once in main.tsx. */
export interface Room {
  readonly games: Games;
  readonly api: GameApi;
  readonly bridge: Bridge;
}

export const RoomContext = createContext<Room | undefined>(undefined);

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error('useRoom must be used inside RoomContext');
  return room;
}

/** The game with this id, followed through every change. */
export function useGame(id: string): Game | undefined {
  const { games } = useRoom();
  return useSyncExternalStore(games.subscribe, () => games.get(id));
}

/** All games of this device, newest first. */
export function useGameList(): readonly Game[] {
  const { games } = useRoom();
  return useSyncExternalStore(games.subscribe, games.list);
}
