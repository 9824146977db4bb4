import type { Telemetry } from '@artel/telemetry-react';
import { type GameType, parseSession, type Session } from './session';

/** What the game service said. `unreachable` is worth another try; `refused` is not. */
export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'refused'; readonly status: number };

/**
 * The game service as the app sees it. None of its verbs rejects. What changes something bears a `key` of its own, under
 * which the service does it once, however often it is sent: an answer may be lost where the command was not.
 */
export interface GameApi {
  create(gameType: GameType, players: readonly string[], key: string): Promise<Answer<Session>>;
  get(id: string): Promise<Answer<Session>>;
  pot(id: string, playerId: string, ball: number, key: string): Promise<Answer<Session>>;
  finish(id: string, key: string): Promise<Answer<Session>>;
  /** Finished games, newest first. */
  history(): Promise<Answer<Session[]>>;
}

export interface GameApiOptions {
  readonly fetch: typeof fetch;
  /** Ms after which the service counts as unreachable. */
  readonly timeout: number;
  /** Begins the trace of a call, which the service goes on with. */
  readonly startSpan?: Telemetry['startSpan'];
}

const BASE = '/api/game/sessions';

function parseHistory(body: unknown): Session[] | undefined {
  if (typeof body !== 'object' || body === null || !('sessions' in body)) return undefined;
  if (!Array.isArray(body.sessions)) return undefined;
  return body.sessions.flatMap((item) => parseSession(item) ?? []);
}

export function createGameApi({ fetch, timeout, startSpan }: GameApiOptions): GameApi {
  async function call<T>(
    verb: keyof GameApi,
    path: string,
    parse: (body: unknown) => T | undefined,
    command?: { readonly payload: object; readonly key: string },
  ): Promise<Answer<T>> {
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), timeout);
    const span = startSpan?.(`game.${verb}`);
    let isAnswered = false;
    try {
      const headers = {
        ...(span && { traceparent: span.traceparent }),
        ...(command && { 'content-type': 'application/json', 'idempotency-key': command.key }),
      };
      const init = command ? { method: 'POST', body: JSON.stringify(command.payload) } : {};
      const response = await fetch(BASE + path, { ...init, headers, signal: cut.signal });
      isAnswered = response.status < 500;
      if (response.status >= 500) return { kind: 'unreachable' };
      if (!response.ok) return { kind: 'refused', status: response.status };
      const value = parse(await response.json());
      // Something answered, but not the game service: a captive portal, say.
      return value === undefined ? { kind: 'unreachable' } : { kind: 'ok', value };
    } catch {
      return { kind: 'unreachable' };
    } finally {
      span?.end(isAnswered ? 'ok' : 'error');
      clearTimeout(timer);
    }
  }

  return {
    create: (gameType, players, key) =>
      call('create', '', parseSession, { payload: { gameType, players }, key }),
    get: (id) => call('get', `/${id}`, parseSession),
    pot: (id, playerId, ball, key) =>
      call('pot', `/${id}/pot`, parseSession, { payload: { playerId, ball }, key }),
    finish: (id, key) => call('finish', `/${id}/finish`, parseSession, { payload: {}, key }),
    history: () => call('history', '?status=finished', parseHistory),
  };
}
