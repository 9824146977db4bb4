import { parseSession, type Session } from './session';

/** What the player did. */
export type Deed =
  | { readonly verb: 'pot'; readonly playerId: string; readonly ball: number }
  | { readonly verb: 'finish' };

/** What the game service has yet to be told, with the key under which it does it once, over reloads too. */
export type Command = Deed & { readonly key: string };

/** A game with what the service does not know of it yet. */
export interface Game {
  readonly session: Session;
  readonly pending: readonly Command[];
  /** `offline`: told as soon as the service answers again. `local`: the service does not know the game. */
  readonly link: 'online' | 'offline' | 'local';
}

/** Keeps the games on the device over a reload. */
export interface GameShelf {
  load(): Game[];
  save(games: readonly Game[]): void;
}

const KEY = 'artel-billiards/games';
/** Games kept; the newest. */
const MOST = 30;

function isDeed(value: unknown): value is Deed {
  if (typeof value !== 'object' || value === null || !('verb' in value)) return false;
  if (value.verb === 'finish') return true;
  if (value.verb !== 'pot' || !('playerId' in value) || !('ball' in value)) return false;
  return typeof value.playerId === 'string' && typeof value.ball === 'number';
}

/** One that was kept before commands had keys has not been sent with one either. */
function parseCommand(value: unknown, newKey: () => string): Command[] {
  if (!isDeed(value)) return [];
  const key = 'key' in value && typeof value.key === 'string' ? value.key : newKey();
  return [{ ...value, key }];
}

function parseGame(value: unknown, newKey: () => string): Game[] {
  if (typeof value !== 'object' || value === null || !('session' in value)) return [];
  const session = parseSession(value.session);
  if (!session) return [];
  const kept = 'pending' in value && Array.isArray(value.pending) ? value.pending : [];
  const pending = kept.flatMap((command: unknown) => parseCommand(command, newKey));
  const link =
    'link' in value && (value.link === 'local' || value.link === 'offline') ? value.link : 'online';
  return [{ session, pending, link }];
}

/** Keeps the games in `localStorage`; where a client forbids it, they last as long as the page. */
export function createGameShelf(storage: () => Storage, newKey: () => string): GameShelf {
  return {
    load() {
      try {
        const kept: unknown = JSON.parse(storage().getItem(KEY) ?? '[]');
        return Array.isArray(kept) ? kept.flatMap((game: unknown) => parseGame(game, newKey)) : [];
      } catch {
        return [];
      }
    },
    save(games) {
      try {
        storage().setItem(KEY, JSON.stringify(games.slice(-MOST)));
      } catch {
        // Full or forbidden.
      }
    },
  };
}
