// @vitest-environment jsdom
import { inertTelemetry } from '@artel/telemetry-core';
import { TelemetryProvider } from '@artel/telemetry-react';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Answer, GameApi } from '../game/gameApi';
import { createGames } from '../game/games';
import { openGame } from '../game/playGame';
import { RoomContext } from '../game/room';
import type { GameType, Session } from '../game/session';
import { GameRoom } from './GameRoom';

afterEach(cleanup);

async function sitDown(gameType: GameType = 'kolkhoz', reply: 'ok' | 'unreachable' = 'ok') {
  const session = openGame('42', gameType, ['Anna', 'Boris', 'Vera'], '2026-01-02');
  const ok: Answer<Session> = { kind: 'ok', value: session };
  const told: Answer<Session> = reply === 'ok' ? ok : { kind: 'unreachable' };
  const api = {
    create: async () => ok,
    get: async (): Promise<Answer<Session>> => ({ kind: 'refused', status: 404 }),
    pot: vi.fn(async () => told),
    finish: vi.fn(async () => told),
    history: async (): Promise<Answer<Session[]>> => ({ kind: 'ok', value: [] }),
  } satisfies GameApi;
  const games = createGames({
    api,
    shelf: { load: () => [], save: () => {} },
    randomId: () => 'ab',
    now: () => 0,
  });
  await games.create(gameType, ['Anna', 'Boris', 'Vera']);
  const haptic = vi.fn();
  const bridge = { ready: () => {}, expand: () => {}, close: () => {}, haptic };
  const client = { ...inertTelemetry(), trackUserAction: vi.fn(), trackGameEvent: vi.fn() };
  const show = (id: string) =>
    render(
      <StrictMode>
        <TelemetryProvider client={client}>
          <RoomContext value={{ api, games, bridge }}>
            <GameRoom id={id} />
          </RoomContext>
        </TelemetryProvider>
      </StrictMode>,
    );
  const pot = (ball: number) => fireEvent.click(screen.getByTestId(`ball-${ball}`), { detail: 1 });
  const score = (player: string) => screen.getByTestId(`score-${player}`).textContent;
  return { api, client, games, haptic, pot, score, show };
}

describe('GameRoom', () => {
  it('counts each potted ball once and tells the service, however often it is tapped', async () => {
    const { api, client, games, haptic, pot, show } = await sitDown();
    show('42');
    pot(7);
    pot(7);
    games.pot('42', 7);
    expect(client.trackUserAction.mock.calls).toEqual([['ball_clicked', { ball_id: '7', session_id: '42' }]]);
    expect(client.trackGameEvent.mock.calls).toEqual([['ball_potted', 'kolkhoz', '42']]);
    expect(haptic).toHaveBeenCalledExactlyOnceWith('pot');
    await vi.waitFor(() => expect(api.pot).toHaveBeenCalledExactlyOnceWith('42', 'p1', 7, 'ab'));
  });

  it('shows who pays whom and whose turn it is', async () => {
    const { pot, score, show } = await sitDown();
    show('42');
    pot(7);
    fireEvent.click(screen.getByTestId('miss'));
    pot(8);
    expect(['p1', 'p2', 'p3'].map(score)).toEqual(['+1', '+1', '-2']);
    expect(screen.getByTestId('news').textContent).toBe('Ball 8 is down. Boris: +1.');
    expect(screen.getByTestId('turn').textContent).toBe('Boris');
  });

  it('ends the game with a result that sums to zero, counted once', async () => {
    const { client, haptic, pot, show } = await sitDown();
    show('42');
    pot(7);
    fireEvent.click(screen.getByTestId('finish-game'));
    expect(haptic.mock.calls).toEqual([['pot'], ['finish']]);
    expect(screen.getByTestId('result').textContent).toContain('Anna wins');
    expect(screen.getByTestId('result-sum').textContent).toBe('0');
    expect(client.trackGameEvent.mock.calls.slice(1)).toEqual([['game_finished', 'kolkhoz', '42']]);
    expect(screen.getByTestId<HTMLButtonElement>('ball-8').disabled).toBe(true);
  });

  it('ends by the rules with the eighth ball of americanka', async () => {
    const { client, pot, show } = await sitDown('americanka');
    show('42');
    for (let ball = 1; ball <= 8; ball += 1) pot(ball);
    expect(client.trackGameEvent.mock.calls.filter(([event]) => event === 'game_finished')).toHaveLength(1);
    expect(screen.getByTestId('result').textContent).toContain('Anna wins');
  });

  it('goes on with a notice while the service is away', async () => {
    const { pot, score, show } = await sitDown('kolkhoz', 'unreachable');
    show('42');
    pot(7);
    expect((await screen.findByTestId('notice')).textContent).toContain('away');
    pot(8);
    expect(score('p1')).toBe('+4');
  });

  it('pots by keyboard and hands the focus to another ball', async () => {
    const { client, show } = await sitDown();
    show('42');
    const ball = screen.getByRole('button', { name: 'Pot ball 7' });
    ball.focus();
    fireEvent.click(ball, { detail: 0 });
    expect(client.trackUserAction).toHaveBeenCalledOnce();
    expect(document.activeElement).toBe(screen.getByTestId('ball-8'));
  });

  it('says so when there is no such game', async () => {
    const { show } = await sitDown();
    show('99');
    expect((await screen.findByTestId('missing')).textContent).toContain('no such game');
  });
});
