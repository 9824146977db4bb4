import { describe, expect, it } from 'vitest';
import { openPage } from '../room.fixture';
import type { AskToken } from '../telemetry';
import type { User } from '../user';
import { createTokenSource } from './token';

const HOUR = 3_600_000;

function setUp(source?: AskToken) {
  const { device, page, environment } = openPage();
  const signedIn: unknown[] = [];
  let asked = 0;
  const user = {
    id: undefined as string | undefined,
    token: undefined as string | undefined,
    signIn(token: string, subject: string | undefined) {
      user.token = token;
      signedIn.push([token, subject]);
    },
  };
  const counted: AskToken | undefined =
    source &&
    (() => {
      asked++;
      return source();
    });
  // The parts of a user that a source of tokens reads.
  const tokens = createTokenSource({ environment, user: user as unknown as User, source: () => counted });
  return { device, page, tokens, user, signedIn, asked: () => asked, now: () => environment.Date.now() };
}

describe('the source of tokens', () => {
  it('does nothing where nobody provides tokens', async () => {
    const { tokens, signedIn } = setUp();
    expect(tokens.exists()).toBe(false);
    await tokens.refresh();
    expect(signedIn).toEqual([]);
  });

  it('takes a text, or a token with its subject', async () => {
    const given = ['text', { token: 'of ann', subject: 'ann' }];
    const { tokens, user, signedIn } = setUp(async () => given.shift());
    await tokens.refresh();
    user.token = undefined;
    await tokens.refresh();
    expect(signedIn).toEqual([
      ['text', undefined],
      ['of ann', 'ann'],
    ]);
  });

  it('asks again a minute before the token ends, and not before', async () => {
    const { page, tokens, asked, now } = setUp(async () => ({ token: 't', expiresAt: now() + HOUR }));
    await tokens.refresh();
    await page.advance(HOUR - 61_000);
    await tokens.refresh();
    expect(asked()).toBe(1);
    await page.advance(1_000);
    await tokens.refresh();
    expect(asked()).toBe(2);
  });

  it('does not ask before each batch when the clock is ahead of every token', async () => {
    const { tokens, asked } = setUp(async () => ({ token: 't', expiresAt: 5 }));
    await tokens.refresh();
    await tokens.refresh();
    expect(asked()).toBe(1);
  });

  it('keeps the token that it has when there is no new one', async () => {
    let token: string | undefined = 'old';
    const { page, tokens, user, now } = setUp(async () => token && { token, expiresAt: now() + HOUR });
    await tokens.refresh();
    token = undefined;
    await page.advance(HOUR);
    await tokens.refresh();
    expect(user.token).toBe('old');
  });

  it('gives no token to another player than the one for whom it was asked', async () => {
    let answer: (token: string) => void = () => undefined;
    const { tokens, user, signedIn } = setUp(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const refreshed = tokens.refresh();
    user.id = 'bob';
    answer('of ann');
    await refreshed;
    expect(signedIn).toEqual([]);
  });

  it('waits five seconds for one that is silent, lets batches go, and asks again a minute later', async () => {
    const { page, tokens, asked } = setUp(() => new Promise(() => undefined));
    let done = 0;
    const refresh = () => void tokens.refresh().then(() => done++);
    refresh();
    await page.advance(4_900);
    expect(done).toBe(0);
    await page.advance(200);
    expect(done).toBe(1);
    refresh();
    await page.advance(0);
    expect([done, asked()]).toEqual([2, 1]);
    await page.advance(61_000);
    refresh();
    await page.advance(0);
    expect([done, asked()]).toEqual([2, 2]);
  });

  it('takes the answer of one that was slow', async () => {
    let answer: (token: string) => void = () => undefined;
    const { page, tokens, user } = setUp(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    void tokens.refresh();
    await page.advance(20_000);
    answer('late');
    await page.advance(0);
    expect(user.token).toBe('late');
  });

  it.each([
    ['throws', () => JSON.parse('{')],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['resolves to nothing', async () => undefined],
    ['resolves to no text', async () => ({ token: 5 })],
    ['resolves to more than a gateway reads', async () => 'x'.repeat(4_097)],
  ])("never rejects, and is asked again, when the app's function %s", async (_what, source) => {
    const { tokens, user, asked } = setUp(source as AskToken);
    await tokens.refresh();
    await tokens.refresh();
    expect(asked()).toBe(2);
    expect(user.token).toBeUndefined();
  });
});
