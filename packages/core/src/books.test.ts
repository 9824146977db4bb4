import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectBalanced, openClient } from './client.fixture';
import type { AskToken, Telemetry } from './telemetry';
import type { PageOptions } from './testing/fakeDevice';
import type { FakeGateway, Fault } from './testing/fakeGateway';

const DAY = 86_400_000;

const html = () => new Response('<h1>Sign in</h1>', { headers: { 'content-type': 'text/html' } });

const faults: readonly Fault[] = [
  'ok',
  'unreachable',
  'lost answer',
  { status: 503 },
  { status: 429, retryAfter: '1' },
  html,
  () => Response.json({ ok: true }),
  () => new Response(null, { status: 204 }),
  () => Response.error(),
];

/** What an app may return for a token, though the types forbid most of it. */
const tokens: readonly (() => unknown)[] = [
  () => undefined,
  async () => 'token',
  async () => ({ token: 5n, expiresAt: 'soon', subject: {} }),
  async () => ({ token: 'token', expiresAt: 0, subject: 'player' }),
  () => Promise.reject(new Error('signed out')),
  () => new Promise(() => undefined),
  () => JSON.parse('{'),
];

const circle: Record<string, unknown> = {};
circle['circle'] = circle;
const hostile = new Proxy(
  {},
  {
    ownKeys: () => JSON.parse('{'),
    get: () => JSON.parse('{'),
  },
);
const odd: readonly unknown[] = [
  undefined,
  null,
  '5',
  '',
  'x'.repeat(20_000),

  5n,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  1.5,
  1e300,
  Symbol('odd'),
  Object.create(null),
  circle,
  hostile,
  [[[]]],
  () => JSON.parse('{'),
  new Date(Number.NaN),
  '\ud83c\udfb1\ud83c',
];

/** Calls every verb with odd values in every place. */
function recordOdd(telemetry: Telemetry, first: unknown, second: unknown): void {
  const verbs = telemetry as unknown as Record<string, (...args: readonly unknown[]) => void>;
  const log = telemetry.log as unknown as typeof verbs;
  verbs['trackUserAction']?.(first, second);
  verbs['trackUserAction']?.('odd', second);
  verbs['trackPageLoad']?.(first, second);
  verbs['trackPageLoad']?.('/odd', second);
  verbs['trackApiCall']?.(first, second, 1, 200);
  verbs['trackApiCall']?.('/odd', 'GET', first, second);
  verbs['trackGameEvent']?.(first, second, first);
  verbs['trackError']?.(first, second);
  verbs['count']?.(first, second, 1);
  verbs['count']?.('odd_total', first, second);
  verbs['observe']?.('odd_ms', first, second);
  verbs['observe']?.(first, 1, second);
  verbs['setPage']?.(first);
  log['info']?.(first, second);
  log['error']?.('odd', second);
  const span = telemetry.startSpan(first as string, second as Record<string, unknown>);
  span.setAttribute(first as string, second).end(second as 'ok');
  telemetry.setPage(undefined);
}

const move = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('track'), n: fc.integer({ min: 1, max: 120 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.integer({ min: 1, max: 9_000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('faults'),
      list: fc.array(fc.constantFrom(...faults), { maxLength: 5 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('odd'),
      first: fc.constantFrom(...odd),
      second: fc.constantFrom(...odd),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('token'), token: fc.constantFrom(...tokens) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('clock'), skew: fc.constantFrom(-400, -8, -0.1, 0, 0.1, 2, 400) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('database'),
      state: fc.constantFrom('works' as const, 'fails' as const, 'hangs' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('user'), id: fc.constantFrom('ann', 'bob', null) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('crash', 'close', 'sleep', 'hide', 'flush', 'shutdown'),
      locks: fc.constantFrom(true, false, 'hang' as const),
    }),
  },
);
type Move = Partial<{
  readonly do: string;
  readonly n: number;
  readonly ms: number;
  readonly list: readonly Fault[];
  readonly first: unknown;
  readonly second: unknown;
  readonly token: () => unknown;
  readonly skew: number;
  readonly state: 'works' | 'fails' | 'hangs';
  readonly id: string | null;
  readonly locks: NonNullable<PageOptions['locks']>;
}>;

/** The number of taps that the gateway has counted. */
function tapsIn({ batches }: FakeGateway): number {
  return batches
    .flatMap(({ metrics }) => metrics)
    .filter(({ labels }) => labels?.['action']?.startsWith('tap_'))
    .reduce((sum, { value = 1 }) => sum + value, 0);
}

/** Plays the moves, each on the page that is open, and expects what must hold after each and at the end. */
async function play(moves: readonly Move[]): Promise<void> {
  let token: () => unknown = () => undefined;
  const ask = (() => token()) as AskToken;
  const { gateway, device, open, ...first } = openClient({ token: ask, debug: false });
  let { page, telemetry } = first;
  let taps = 0;
  let patience = 250;
  const next = (locks: NonNullable<PageOptions['locks']> = true) => {
    page.kill();
    // Without a word a page may lose what is younger than the journal, or than its patience with the lock manager.
    patience = locks === 'hang' ? 1_500 : 250;
    ({ page, telemetry } = open({}, { locks }));
  };
  for (const one of moves) {
    if (one.n) {
      for (let i = 0; i < one.n; i++) telemetry.trackUserAction(`tap_${i % 7}_${taps % 3}`);
      taps += one.n;
    }
    if (one.ms) await page.advance(one.ms);
    if (one.list) gateway.faults.push(...one.list);
    if (one.do === 'odd') recordOdd(telemetry, one.first, one.second);
    if (one.token) ({ token } = one);
    if (one.skew !== undefined) device.clockSkew = one.skew * DAY;
    if (one.state) device.database = one.state;
    if (one.id !== undefined) telemetry.setUser(one.id);
    if (one.do === 'flush') void telemetry.flush();
    if (one.do === 'crash') {
      await page.advance(patience);
      next(one.locks);
    }
    if (one.do === 'close') {
      page.hide();
      next(one.locks);
    }
    if (one.do === 'hide') {
      page.hide();
      await page.advance(1_000);
    }
    if (one.do === 'sleep') {
      page.hide();
      await page.advance(1_000);
      page.document.hidden = false;
      page.document.dispatchEvent(new Event('visibilitychange'));
    }
    if (one.do === 'shutdown') {
      void telemetry.shutdown();
      await page.advance(60_000);
      expectBalanced(telemetry);
      next(one.locks);
    }
    expectBalanced(telemetry);
  }
  page.hide();
  token = () => undefined;
  device.database = 'works';
  next();
  await page.advance(600_000);
  expect(tapsIn(gateway)).toBe(taps);
  expect(telemetry.stats().pending).toBe(0);
  expectBalanced(telemetry);
}

it('balances the books, and counts every event exactly once, whatever fails and dies in between', async () => {
  await fc.assert(fc.asyncProperty(fc.array(move, { maxLength: 24, size: 'max' }), play), {
    numRuns: Number(process.env['RUNS'] ?? 60),
  });
});
