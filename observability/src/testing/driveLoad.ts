import { randomUUID } from 'node:crypto';
import { signedLaunch } from '@artel/test-support/fakes/telegramLaunch';
import { demoBatch } from './demoBatch';
import { BOT_TOKEN, type Demo } from './startDemo';
import { watchSession } from './watchSession';

const GAMES = ['kolkhoz', 'americanka', 'moskovskaya', 'nevskaya'] as const;

type Send = (path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<unknown>;

/** Sends one JSON request, and answers what came back whatever its status is: failures are part of the load. */
function sender(base: string): Send {
  return async (path, body, headers = {}) => {
    const response = await fetch(`${base}${path}`, {
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined
        ? {}
        : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
  };
}

async function playGames(demo: Demo, round: number): Promise<void> {
  const send = sender(demo.game);
  const gameType = GAMES[round % GAMES.length] ?? GAMES[0];
  const created = await send('/api/game/sessions', { gameType, players: ['Anna', 'Boris'] });
  const { id } = created as { id: number };
  const leave = await watchSession(demo.game, id);
  await send(`/api/game/sessions/${id}/pot`, { playerId: 'p1', ball: 1 + (round % 15) });
  await send(`/api/game/sessions/${id}`);
  await send(`/api/game/sessions/${id}/presence`, { playerId: 'p2' });
  if (round % 2 === 0) await send(`/api/game/sessions/${id}/finish`, {});
  leave();
  await send('/api/game/sessions?limit=10');
  await send('/api/game/sessions/999999999');
  await send('/api/game/sessions', { gameType: 'chess', players: [] });
  await send('/api/game/broken');
  await send('/api/game/slow?ms=150');
  await send('/health');
  await send('/api/game/sign-in', { initData: 'user=nobody&hash=wrong' });
  await send('/api/game/sign-in', { initData: signedLaunch({}, BOT_TOKEN) });
  await send('/api/game/sessions', undefined, { authorization: 'Bearer of-no-sign-in' });
  demo.billing.register();
  demo.billing.takeMoney(gameType, 350);
}

async function sendBatches({ gateways, tenant }: Demo, round: number): Promise<void> {
  const producer = randomUUID();
  const plain = sender(gateways.plain);
  const tenanted = sender(gateways.tenanted);
  const batch = demoBatch({ producer, seq: 1, round });
  await plain('/api/metrics', batch);
  // The same once more: a client that did not hear the answer.
  await plain('/api/metrics', batch);
  await plain('/api/metrics', { metrics: [{ name: 'not a name', value: 1 }, { name: 'shots_total' }] });
  await plain('/api/metrics', '{"metrics":');
  const { token } = (await tenanted('/api/session', {
    initData: signedLaunch({}, BOT_TOKEN),
    key: tenant.key,
  })) as {
    token?: string;
  };
  await tenanted('/api/session', { initData: 'user=nobody&hash=wrong', key: tenant.key });
  await tenanted('/api/metrics', demoBatch({ producer, seq: 1, round, key: tenant.key, token }));
  await tenanted('/api/metrics', demoBatch({ producer: randomUUID(), seq: 1, round, key: tenant.key }));
  await tenanted('/api/metrics', demoBatch({ producer, seq: 2, round, key: 'pk_of_nobody' }));
  const header = JSON.stringify({ dsn: 'https://public@sentry.invalid/9' });
  await tenanted('/api/sentry', `${header}\n{"type":"event"}\n{}\n`);
}

/**
 * Plays games against the game service, good, bad and slow ones, and sends the gateways what pages send, round after
 * round until `enough` says so; each round waits for the one before.
 */
export async function driveLoad(demo: Demo, enough: (round: number) => boolean): Promise<void> {
  for (let round = 0; !enough(round); round++) {
    await Promise.all([playGames(demo, round), sendBatches(demo, round)]);
  }
}
