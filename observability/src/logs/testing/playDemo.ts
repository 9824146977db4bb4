import { waitUntil } from '@artel/test-support/programs/waitUntil';
import { watchSession } from '../../testing/watchSession';
import type { Program } from './programs';

async function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** What has happened in a demo, for whoever asks its log. */
export interface Played {
  readonly sessionId: string;
}

/** A game with everything that our questions ask about: slow and broken requests, wrong sign-ins, a probe, a lost connection. */
export async function playDemo(game: Program): Promise<Played> {
  const api = `${game.url}/api/game`;
  await fetch(`${game.url}/health`);
  const created = await post(`${api}/sessions`, { gameType: 'kolkhoz', players: ['Ivan', 'Olga'] });
  const session: unknown = await created.json();
  const id = typeof session === 'object' && session !== null && 'id' in session ? String(session.id) : '';
  if (created.status !== 201 || id === '') throw new Error(`no session: ${JSON.stringify(session)}`);
  await post(`${api}/sessions/${id}/pot`, { playerId: 'p1', ball: 3 });
  const breakConnection = await watchSession(game.url, id);
  breakConnection();
  await Promise.all([
    fetch(`${api}/slow?ms=1100`),
    fetch(`${api}/broken`),
    fetch(`${game.url}/api/nowhere?q=1'+OR+1=1--`),
    post(`${api}/sign-in`, { initData: 'auth_date=1&hash=0' }),
    post(`${api}/sign-in`, { initData: 'user=%7B%7D&auth_date=1&hash=00' }),
  ]);
  await waitUntil('the line of the lost connection', () => game.output().includes('WebSocket broke'));
  await waitUntil('the line of the slow request', () =>
    game.output().includes('"url":"/api/game/slow","path":"/api/game/slow","status_code":200'),
  );
  return { sessionId: id };
}

const key = 'demo-key';

/** The gateway's configuration: one app, whose lines go to what speaks as Loki does. */
export function gatewayConfig(lokiUrl: string): string {
  return `environment: production
overload: { delayMs: 60000 }
log: { level: info }
tenants:
  - app: billiards
    environment: production
    key: ${key}
    origins: [https://app.example]
outputs:
  loki: { kind: loki, url: '${lokiUrl}', batch: { waitSeconds: 0.2 } }
`;
}

/** A batch of a page: two errors, one with a stack, and a line that is none. */
export async function sendBatch(url: string, seq: number, messages: readonly string[]): Promise<void> {
  const answer = await fetch(`${url}/api/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify({
      v: 1,
      key,
      producer: 'a1b2c3d4e5f60718',
      seq,
      app: { name: 'billiards', version: '1.0.0' },
      session: 'page-1',
      metrics: [],
      logs: messages.map((message) => ({
        level: 'error',
        category: 'error',
        message,
        timestamp: Date.now(),
        fields: { page: '/game', error_type: 'TypeError', stack: `${message}\n    at pot (game.ts:3:1)` },
      })),
    }),
  });
  if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
}
