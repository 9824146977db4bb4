import { describe, expect, it } from 'vitest';
import { bearer, expectProblem, startGateway } from '../fixtures/gateway';

const ADMIN = 'an-admin-token-of-any-kind';

describe('tokens that are guessed', () => {
  it('are taken ten times a minute, wherever they are shown; then the right one is answered as they are', async () => {
    const { get } = await startGateway({ GATEWAY_ADMIN_TOKEN: ADMIN });
    const login = (token: string) => get('/live/login', { method: 'POST', body: JSON.stringify({ token }) });
    const signed = await login(ADMIN);
    expect(signed.status).toBe(204);
    const guess = [
      (token: string) => get('/metrics', { headers: bearer(token) }),
      (token: string) => get('/live/state', { headers: bearer(token) }),
      (token: string) => get('/live/events', { headers: bearer(token) }),
      login,
    ] as const;
    const began = performance.now();
    for (let time = 0; time < 10; time++) {
      expect((await guess[time % 4]?.(`a-wrong-token-${time}`))?.status).toBe(401);
    }
    for (const show of guess) {
      for (const token of ['another-wrong-token', ADMIN]) {
        const answer = await show(token);
        expectProblem(answer, 429, /wrong token from this address/);
        // The minute counts from the first of them.
        const passed = (performance.now() - began) / 1_000;
        expect(passed + Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(60);
        expect(answer.headers.get('set-cookie')).toBeNull();
      }
    }
    // Who has signed in before reads on: nobody guesses a cookie.
    const cookie = signed.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const read = await get('/live/state', { headers: { cookie } });
    expect(read.status).toBe(200);
    expect((await get('/live/state')).status).toBe(401);
  });

  it('are those of wrong ones only: a reader may come as often as it likes', async () => {
    const { get, sample } = await startGateway({ GATEWAY_ADMIN_TOKEN: ADMIN });
    for (let time = 0; time < 50; time++) {
      expect((await get('/metrics', { headers: bearer(ADMIN) })).status).toBe(200);
    }
    expect((await get('/live/login', { method: 'POST', body: '{}' })).status).toBe(400);
    expect(await sample('artel_gateway_rate_limited_total{scope="token"}')).toBe(0);
  });

  it('are not counted behind a private listener, which asks for none', async () => {
    const { gateway } = await startGateway({ GATEWAY_ADMIN_PORT: '0', GATEWAY_ENV: 'production' });
    const inside = gateway.privateAddress() ?? '';
    for (let time = 0; time < 20; time++) {
      expect((await fetch(`${inside}/metrics`, { headers: bearer('any') })).status).toBe(200);
    }
  });
});
