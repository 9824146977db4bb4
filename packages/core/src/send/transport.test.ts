import { describe, expect, it } from 'vitest';
import { entryOf, openPage } from '../room.fixture';
import type { User } from '../user';
import type { TokenSource } from './token';
import { createTransport } from './transport';

interface Request {
  readonly url: string;
  readonly init: RequestInit;
}

function setUp(answer: (request: Request) => unknown, source?: () => string) {
  const { page, environment } = openPage();
  const requests: Request[] = [];
  const user = { token: source?.() } as User;
  const tokens: TokenSource = {
    exists: () => !!source,
    refresh: async () => {
      user.token ??= source?.();
    },
  };
  const transport = createTransport({
    environment,
    endpoint: 'https://g.test/m',
    payload: ({ body }) => `${body.slice(0, -1)},"token":"${user.token}"}`,
    user,
    tokens,
    fetch: (async (url: string, init: RequestInit) => {
      requests.push({ url, init });
      return answer({ url, init });
    }) as typeof fetch,
  });
  return { page, environment, transport, requests };
}

const counted =
  (rejected: readonly unknown[] = []) =>
  () =>
    Response.json({ accepted: 1, rejected, duplicate: false }, { status: 202 });

describe('a request', () => {
  it('is one that needs no preflight, without cookies', async () => {
    const { transport, requests } = setUp(counted());
    expect(await transport.post(entryOf())).toEqual({ kind: 'acknowledged', rejected: 0 });
    expect(requests).toEqual([
      {
        url: 'https://g.test/m',
        init: {
          method: 'POST',
          body: expect.stringContaining('taps_total'),
          headers: { 'content-type': 'text/plain;charset=UTF-8' },
          credentials: 'omit',
          signal: expect.any(AbortSignal),
        },
      },
    ]);
  });

  it('is compressed where that saves something and the browser can', async () => {
    const { environment, transport, requests } = setUp(counted());
    const body = `{"fill":"${'шар '.repeat(1_000)}"}`;
    await transport.post(entryOf({ body }));
    Object.assign(environment, { CompressionStream });
    await transport.post(entryOf({ body }));
    await transport.post(entryOf());
    const [plain, packed, short] = requests.map(({ init }) => init.body);
    expect([typeof plain, typeof short]).toEqual(['string', 'string']);
    const stream = new Response(packed).body?.pipeThrough(new DecompressionStream('gzip'));
    expect(await new Response(stream).text()).toBe(plain);
  });

  it('is made with a fetch that a page has replaced, whatever it does', async () => {
    for (const answer of [() => undefined, () => ({}), () => JSON.parse('{'), () => Promise.reject(null)]) {
      const { transport } = setUp(answer);
      expect(await transport.post(entryOf())).toMatchObject({ kind: 'retry', after: 0 });
    }
  });

  it('is given up after 15 seconds, and ended', async () => {
    const { page, transport, requests } = setUp(() => new Promise(() => undefined));
    const outcome = transport.post(entryOf());
    await page.advance(15_000);
    expect(await outcome).toMatchObject({ kind: 'retry', reason: 'no answer within 15000 ms' });
    expect(requests[0]?.init.signal?.aborted).toBe(true);
  });

  it('ends when it is aborted', async () => {
    const { transport } = setUp(
      ({ init: { signal } }) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    );
    const outcome = transport.post(entryOf());
    transport.abort();
    expect(await outcome).toMatchObject({ kind: 'retry', reason: expect.stringContaining('AbortError') });
  });
});

describe('an answer', () => {
  it('that names refused items is booked by the events in them', async () => {
    const rejected = [{ index: 1 }, { index: 0, list: 'logs' }, { index: 0, list: 'spans' }, { index: 99 }];
    const { transport } = setUp(counted(rejected));
    const entry = entryOf({ events: 10, counts: [[1, 4], [2], [1]] });
    expect(await transport.post(entry)).toEqual({ kind: 'acknowledged', rejected: 7 });
    expect(await transport.post({ ...entry, events: 3 })).toEqual({ kind: 'acknowledged', rejected: 3 });
  });

  it.each([408, 425, 429, 500, 503, 599])('of %d asks for another attempt, when it says', async (status) => {
    const { transport } = setUp(() => Response.json({}, { status, headers: { 'retry-after': '7' } }));
    expect(await transport.post(entryOf())).toMatchObject({ kind: 'retry', after: 7_000 });
  });

  it.each([400, 401, 403, 404, 413])('of %d is final, and quoted with its detail', async (status) => {
    const { transport } = setUp(() => Response.json({ detail: 'seq: too large' }, { status }));
    const reason = `the gateway answered ${status} seq: too large`;
    expect(await transport.post(entryOf())).toEqual({ kind: 'refused', reason });
  });

  it('of 401 leads to one attempt with a new token, and is no fault of the batch', async () => {
    let issued = 0;
    const source = () => `token ${++issued}`;
    const { transport, requests } = setUp(() => Response.json({}, { status: 401 }), source);
    expect(await transport.post(entryOf())).toMatchObject({ kind: 'retry' });
    expect(requests.map(({ init }) => JSON.parse(String(init.body)).token)).toEqual(['token 1', 'token 2']);
  });
});
