import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { openGame } from '../game.fixture';
import { createLiveTables, type LiveSocket } from './liveTables';

async function open() {
  const { app } = await openGame();
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const sessions = `${address}/api/game/sessions`;
  const post = async (url: string, body: object): Promise<{ readonly id: number }> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { readonly id: number };
  };
  const watch = (id: number) => {
    const socket = new WebSocket(`${sessions.replace('http', 'ws')}/${id}/live`);
    socket.on('error', () => {});
    onTestFinished(() => socket.terminate());
    const messages: { readonly type: string; readonly session: { readonly balls: number[] } }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    return { socket, messages };
  };
  const { id } = await post(sessions, { gameType: 'kolkhoz', players: ['Anna', 'Boris'] });
  return { app, id, watch, pot: (ball: number) => post(`${sessions}/${id}/pot`, { playerId: 'p1', ball }) };
}

it('sends the session at once and after each change, to each who watches', async () => {
  const { app, id, watch, pot } = await open();
  const [first, second] = [watch(id), watch(id)];
  await expect.poll(() => [first.messages.length, second.messages.length]).toEqual([1, 1]);
  await pot(3);
  const last = await pot(7);
  for (const { messages } of [first, second]) {
    await expect.poll(() => messages.length).toBe(3);
    expect(messages.map(({ session }) => session.balls.length)).toEqual([15, 14, 13]);
    expect(messages[2]).toEqual({ type: 'session', version: 3, session: last });
  }
  const { body } = await app.inject('/metrics');
  expect(body).toContain('websocket_connections_active{service="game-service"} 2');
  expect(body).toContain(
    'websocket_messages_total{direction="out",message_type="session",service="game-service"} 6',
  );
});

it('refuses one who would watch a session that is not there, in HTTP', async () => {
  const { watch } = await open();
  const { socket } = watch(7);
  const [, response] = await once(socket, 'unexpected-response');
  expect(response.statusCode).toBe(404);
});

it('cuts off who sends too much, and closes all as the service ends', async () => {
  const { app, id, watch } = await open();
  const [loud, quiet] = [watch(id), watch(id)];
  await Promise.all([once(loud.socket, 'open'), once(quiet.socket, 'open')]);
  loud.socket.send('x'.repeat(2_000));
  expect((await once(loud.socket, 'close'))[0]).toBe(1009);
  const closed = once(quiet.socket, 'close');
  await app.close();
  expect((await closed)[0]).toBe(1001);
});

function fakeSocket(bufferedAmount = 0) {
  const calls: string[] = [];
  const listeners = new Map<string, () => void>();
  const socket: LiveSocket = {
    readyState: 1,
    bufferedAmount,
    send: () => calls.push('send'),
    ping: () => calls.push('ping'),
    close: (code) => calls.push(`close ${code}`),
    terminate: () => {
      calls.push('terminate');
      listeners.get('close')?.();
    },
    on: (event, listener) => listeners.set(event, listener),
  };
  return { socket, calls, tell: (event: string) => listeners.get(event)?.() };
}

it('has so many seats, and one is free again when its watcher goes', () => {
  const tables = createLiveTables({ maxWatchers: 3, maxPerSession: 2, pingMs: 1_000_000 });
  onTestFinished(() => tables.close());
  const [a, b, c] = [fakeSocket(), fakeSocket(), fakeSocket()];
  expect([a, b, c].map(({ socket }) => tables.seat(1, socket))).toEqual([true, true, false]);
  expect(c.calls).toEqual(['close 1013']);
  a.tell('close');
  expect(tables.seat(1, fakeSocket().socket)).toBe(true);
  expect(tables.seat(2, fakeSocket().socket)).toBe(true);
  expect(tables.seat(3, fakeSocket().socket)).toBe(false);
});

it('asks whether its watchers are there, and cuts off who does not answer or does not keep up', async () => {
  const tables = createLiveTables({ maxWatchers: 9, maxPerSession: 9, pingMs: 20 });
  onTestFinished(() => tables.close());
  const [silent, slow] = [fakeSocket(), fakeSocket(1_000_000)];
  tables.seat(1, silent.socket);
  await expect.poll(() => silent.calls).toEqual(['ping', 'terminate']);
  tables.seat(2, slow.socket);
  const session = {
    ...{
      id: 2,
      gameType: 'kolkhoz' as const,
      players: [],
      balls: [],
      turn: 'p1',
      status: 'playing' as const,
    },
    createdAt: '2026-01-02T00:00:00.000Z',
  };
  tables.tell({ session, version: 1 });
  expect(slow.calls).toContain('terminate');
  expect(slow.calls).not.toContain('send');
});
