import { type GameType, parseSession, type Session } from './session';

/** What the game service said. `unreachable` is worth another try; `refused` is not. */
export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'refused'; readonly status: number };

/** The game service as the app sees it. None of its verbs rejects. */
export interface GameApi {
  create(gameType: GameType, players: readonly string[]): Promise<Answer<Session>>;
  get(id: string): Promise<Answer<Session>>;
  pot(id: string, playerId: string, ball: number): Promise<Answer<Session>>;
  finish(id: string): Promise<Answer<Session>>;
  /** Finished games, newest first. */
  history(): Promise<Answer<Session[]>>;
}

export interface GameApiOptions {
  readonly fetch: typeof fetch;
  /** Ms after which the service counts as unreachable. */
  readonly timeout: number;
}

const BASE = '/api/game/sessions';

function parseHistory(body: unknown): Session[] | undefined {
  if (typeof body !== 'object' || body === null || !('sessions' in body)) return undefined;
  if (!Array.isArray(body.sessions)) return undefined;
  return body.sessions.flatMap((item) => parseSession(item) ?? []);
}

export function createGameApi({ fetch, timeout }: GameApiOptions): GameApi {
  async function call<T>(
    path: string,
    parse: (body: unknown) => T | undefined,
    payload?: object,
  ): Promise<Answer<T>> {
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), timeout);
    try {
      const init: RequestInit =
        payload === undefined
          ? {}
          : {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify(payload),
            };
      const response = await fetch(BASE + path, { ...init, signal: cut.signal });
      if (response.status >= 500) return { kind: 'unreachable' };
      if (!response.ok) return { kind: 'refused', status: response.status };
      const value = parse(await response.json());
      // Something answered, but not the game service: a captive portal, say.
      return value === undefined ? { kind: 'unreachable' } : { kind: 'ok', value };
    } catch {
      return { kind: 'unreachable' };
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    create: (gameType, players) => call('', parseSession, { gameType, players }),
    get: (id) => call(`/${id}`, parseSession),
    pot: (id, playerId, ball) => call(`/${id}/pot`, parseSession, { playerId, ball }),
    finish: (id) => call(`/${id}/finish`, parseSession, {}),
    history: () => call('?status=finished', parseHistory),
  };
}
