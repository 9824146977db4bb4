import { BOT_TOKEN, signedLaunch } from '@artel/test-support/fakes/telegramLaunch';
import { describe, expect, it } from 'vitest';
import { openGame } from '../game.fixture';
import { createSessionTokens } from './sessionTokens';

const sessions = '/api/game/sessions';

async function open() {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const { app } = await openGame({ botToken: BOT_TOKEN }, { logging: { level: 'info', destination } });
  const signIn = (initData: string) =>
    app.inject({ method: 'POST', url: '/api/game/sign-in', payload: { initData } });
  const sample = async (series: string) => {
    const { body } = await app.inject('/metrics');
    const line = body.split('\n').find((one) => one.startsWith(`${series} `));
    return Number(line?.slice(series.length + 1));
  };
  return { app, lines, signIn, sample };
}

describe('signing in', () => {
  it('gives a token for a genuine launch, whose requests bear the player’s pseudonym', async () => {
    const { app, lines, signIn } = await open();
    const answer = await signIn(signedLaunch());
    expect(answer.statusCode).toBe(200);
    const { token, subject, expiresAt } = answer.json();
    expect(expiresAt).toBeGreaterThan(Date.now());
    const headers = { authorization: `Bearer ${token}` };
    expect((await app.inject({ url: sessions, headers })).statusCode).toBe(200);
    await expect
      .poll(() => lines.filter((line) => line.includes(`"user_id":"${subject}"`)).length)
      .toBeGreaterThan(0);
    for (const secret of ['99281932', 'Anna', token]) expect(lines.join('')).not.toContain(secret);
    expect((await signIn(signedLaunch())).json().subject).toBe(subject);
  });

  it.each([
    ['of another bot', signedLaunch({}, `7000000002:${'other-token-'.repeat(3)}x`)],
    ['that was changed', signedLaunch().replace('99281932', '99281933')],
    ['whose signature field was changed', signedLaunch().replace(/signature=\w+/, 'signature=b3RoZXI')],
    ['of yesterday', signedLaunch({ auth_date: String(Math.floor(Date.now() / 1_000) - 86_400) })],
    ['of tomorrow', signedLaunch({ auth_date: String(Math.floor(Date.now() / 1_000) + 86_400) })],
    ['with a field twice', `${signedLaunch()}&auth_date=1`],
    ['without a user', signedLaunch({ user: '{}' })],
    ['that is none', 'hello'],
  ])('refuses a launch %s, and says no more than that', async (_, initData) => {
    const { signIn } = await open();
    const answer = await signIn(initData);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({
      field: 'initData',
      detail: 'initData must be what Telegram gave at this launch of the app',
    });
  });

  it('shows what may go wrong with 0 before it does, so that Prometheus sees the first time', async () => {
    const { sample } = await open();
    for (const reason of ['malformed', 'bad_signature', 'expired', 'from_future', 'bad_token']) {
      expect(await sample(`auth_failures_total{reason="${reason}",service="game-service"}`), reason).toBe(0);
    }
    const brute = 'event_type="brute_force_detected",severity="high"';
    expect(await sample(`security_events_total{${brute},service="game-service"}`)).toBe(0);
  });

  it('counts 20 wrong ones, and raises brute force once', async () => {
    const { signIn, sample, lines } = await open();
    for (let tries = 0; tries < 20; tries += 1) {
      expect((await signIn(signedLaunch({}, `7000000002:${'other-token-'.repeat(3)}x`))).statusCode).toBe(
        401,
      );
    }
    expect(await sample('auth_failures_total{reason="bad_signature",service="game-service"}')).toBe(20);
    expect(
      await sample(
        'security_events_total{event_type="brute_force_detected",severity="high",service="game-service"}',
      ),
    ).toBe(1);
    await expect
      .poll(() => lines.filter((line) => line.includes('"event_type":"brute_force_detected"')).length)
      .toBe(1);
  });

  it('refuses a token that is not genuine or has run out, and counts it', async () => {
    const { app, sample } = await open();
    const old = createSessionTokens(BOT_TOKEN, () => Date.now() - 7_200_000).issue('someone').token;
    for (const token of [old, `${old}x`, 'a.b', 'nonsense']) {
      const answer = await app.inject({ url: sessions, headers: { authorization: `Bearer ${token}` } });
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ field: 'authorization' });
    }
    expect(await sample('auth_failures_total{reason="bad_token",service="game-service"}')).toBe(4);
  });

  it('is not there without a bot, and nobody needs it to play', async () => {
    const { app } = await openGame();
    const payload = { initData: signedLaunch() };
    const answer = await app.inject({ method: 'POST', url: '/api/game/sign-in', payload });
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect((await app.inject(sessions)).statusCode).toBe(200);
  });
});
