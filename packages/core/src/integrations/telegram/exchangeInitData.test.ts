import { describe, expect, it, vi } from 'vitest';
import type { Environment } from '../../page/environment';
import { createExchange } from './exchangeInitData';

const MINUTE = 60_000;

function setUp() {
  let now = 0;
  const environment = { performance: { now: () => now } } as unknown as Environment;
  const fetch = vi.fn(async (_url: unknown, _init?: RequestInit) => Response.json({ token: 't1' }));
  const exchange = createExchange({ environment, fetch, key: 'pk_1', url: 'https://app.test/api/session' });
  return {
    environment,
    fetch,
    exchange,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('exchanging initData', () => {
  it('posts it with the write key in a CORS-simple request, and returns the session token', async () => {
    const { environment, fetch, exchange } = setUp();
    const token = { token: 't1', expiresAt: 1_800_000_000_000, subject: 'alice' };
    fetch.mockResolvedValue(Response.json(token));
    expect(await exchange('user=alice&hash=aa')).toEqual(token);
    expect(fetch).toHaveBeenCalledExactlyOnceWith('https://app.test/api/session', {
      method: 'POST',
      body: '{"initData":"user=alice&hash=aa","key":"pk_1"}',
      headers: { 'content-type': 'text/plain;charset=UTF-8' },
      credentials: 'omit',
    });
    expect(fetch.mock.contexts[0]).toBe(environment);
  });

  it('asks again at once after a success, since a token is asked for only when it is needed', async () => {
    const { fetch, exchange } = setUp();
    await exchange('a');
    await exchange('a');
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it.each<readonly [why: string, answer: () => Response | Promise<never>, minutes: number]>([
    ['half a minute after the network failed', () => Promise.reject(new TypeError('Failed to fetch')), 0.5],
    ['half a minute after trouble of the gateway', () => new Response('', { status: 503 }), 0.5],
    ['half a minute after a page came in place of the answer', () => new Response('<html>'), 0.5],
    ['half a minute after an answer without a token', () => Response.json({ ok: true }), 0.5],
    ['half a minute after null', () => Response.json(null), 0.5],
    ['an hour after a refusal', () => new Response('', { status: 401 }), 60.5],
    ['an hour after finding no bot', () => new Response('', { status: 404 }), 60.5],
  ])('returns nothing and asks again %s', async (_, answer, minutes) => {
    const { fetch, exchange, pass } = setUp();
    fetch.mockImplementation(async () => answer());
    expect(await exchange('a')).toBeUndefined();
    pass(minutes * MINUTE - 1);
    expect(await exchange('a')).toBeUndefined();
    expect(fetch).toHaveBeenCalledOnce();
    pass(1);
    await exchange('a');
    expect(fetch).toHaveBeenCalledTimes(2);
  });
});
