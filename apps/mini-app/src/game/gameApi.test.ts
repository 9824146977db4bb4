import { expect, it } from 'vitest';
import { createGameApi } from './gameApi';
import { openGame } from './playGame';

const session = openGame('42', 'kolkhoz', ['Anna', 'Boris'], '2026-01-02');

/** A service that does a command once by its key, as the real one, and whose first answer to each is lost. */
function setUp() {
  const done = new Map<string, number>();
  const asked: { readonly path: string; readonly key: string | null }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const path = String(input);
    const key = new Headers(init?.headers).get('idempotency-key');
    asked.push({ path, key });
    if (key !== null) done.set(key, (done.get(key) ?? 0) + 1);
    if (key !== null && done.get(key) === 1) throw new TypeError('the connection was lost');
    return Response.json(session);
  };
  return { api: createGameApi({ fetch, timeout: 10_000 }), asked, done };
}

it('sends what changes something under its key, and again under the same, so that a tap counts once', async () => {
  const { api, asked, done } = setUp();
  expect(await api.pot('42', 'p1', 3, 'key-of-the-tap')).toEqual({ kind: 'unreachable' });
  expect(await api.pot('42', 'p1', 3, 'key-of-the-tap')).toMatchObject({ kind: 'ok' });
  await api.create('kolkhoz', ['Anna', 'Boris'], 'key-of-the-game');
  await api.finish('42', 'key-of-the-end');
  await api.get('42');
  expect([...done.keys()]).toEqual(['key-of-the-tap', 'key-of-the-game', 'key-of-the-end']);
  expect(asked.map(({ key }) => key)).toEqual([
    'key-of-the-tap',
    'key-of-the-tap',
    'key-of-the-game',
    'key-of-the-end',
    null,
  ]);
});
