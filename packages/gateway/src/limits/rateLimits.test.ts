import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../config';
import type { Tier } from '../enrich';
import { HttpProblem } from '../problem';
import type { TenantLimits } from '../tenants';
import { BoundedRateLimiterMemory, type LimiterSpec, limiterOver, memoryLimiters } from './limiter';
import { createRateLimits, type RateLimits, type RateLimitsOptions } from './rateLimits';

const options: RateLimitsOptions = { secret: 'a secret of thirty-two characters', random: () => 0 };

function tenantOf(rates: { key?: number; anonymous?: number; producer?: number }, id = 'game/production') {
  const requestsPerSecond = { key: 0, anonymous: 0, producer: 0, ...rates };
  return { id, limits: { requestsPerSecond, unknownMetrics: 1, seriesPerUnknownMetric: 1 } };
}

async function refusal(taken: Promise<void>): Promise<HttpProblem | undefined> {
  try {
    await taken;
    return undefined;
  } catch (error) {
    if (error instanceof HttpProblem) return error;
    throw error;
  }
}

async function scopeOf(taken: Promise<void>): Promise<unknown> {
  return (await refusal(taken))?.details['scope'];
}

async function admitted(count: number, ask: () => Promise<void>): Promise<number> {
  let taken = 0;
  for (let at = 0; at < count; at++) if ((await refusal(ask())) === undefined) taken++;
  return taken;
}

// The library's clock. Its timers, which forget what is over, stay as they are: it does not rely on them.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

describe('an address', () => {
  it('may ask ten seconds of its rate at once, and is then told when to come again and not who it is', async () => {
    const limits = createRateLimits(options);
    const ask = () => limits.address('203.0.113.7', 3);
    expect(await admitted(30, ask)).toBe(30);
    vi.advanceTimersByTime(2_500);
    const problem = await refusal(ask());
    expect(problem?.details).toMatchObject({
      status: 429,
      type: 'urn:artel:problem:rate-limited',
      scope: 'address',
    });
    expect(problem?.headers).toEqual({ 'Retry-After': '8' });
    expect(JSON.stringify(problem?.details)).not.toContain('203.0.113.7');
    vi.advanceTimersByTime(7_500);
    expect(await refusal(ask())).toBeUndefined();
  });

  it('is told a second at least', async () => {
    const limits = createRateLimits(options);
    await limits.address('::1', 0.1);
    vi.advanceTimersByTime(9_999);
    expect((await refusal(limits.address('::1', 0.1)))?.headers).toEqual({ 'Retry-After': '1' });
  });

  it('is one with its /64 and apart from others', async () => {
    const limits = createRateLimits(options);
    await limits.address('2001:db8::1', 0.1);
    expect(await scopeOf(limits.address('2001:db8::2', 0.1))).toBe('address');
    expect(await scopeOf(limits.address('2001:db8:0:1::2', 0.1))).toBeUndefined();
    await limits.address('203.0.113.7', 0.1);
    expect(await scopeOf(limits.address('::ffff:203.0.113.7', 0.1))).toBe('address');
    expect(await scopeOf(limits.address('203.0.113.8', 0.1))).toBeUndefined();
  });

  it('of a rate of 0 is without bound', async () => {
    const limits = createRateLimits(options);
    expect(await admitted(1_000, () => limits.address('203.0.113.7', 0))).toBe(1_000);
  });

  it('of a carrier is not limited by the defaults: 10,000 players behind it, and those of an outage too', async () => {
    const config = readConfig({});
    const [{ requestsPerSecond: rates }] = config.tenants.map((one) => one.limits) as [TenantLimits];
    const limits = createRateLimits(options);
    // A tenth of the players under a tenth of the limits: each key costs the fake timers more the more there are.
    const tenant = tenantOf({ ...rates, key: rates.key / 10, anonymous: rates.anonymous / 10 });
    const flush = async (player: number): Promise<void> => {
      await limits.address('203.0.113.7', config.limits.addressRate / 10);
      await limits.batch({ tenant, tier: 'anonymous', producer: `player ${player}` });
    };
    // Each sends every 5 s, and after half a minute all send six batches in one go.
    for (let second = 0; second < 20; second++) {
      for (let player = second % 5; player < 1_000; player += 5) await flush(player);
      vi.advanceTimersByTime(1_000);
    }
    vi.advanceTimersByTime(30_000);
    for (let player = 0; player < 800; player++) for (let batch = 0; batch < 6; batch++) await flush(player);
  });
});

describe('a batch', () => {
  it('is limited by its producer, within its tenant, and takes nothing from the others then', async () => {
    const limits = createRateLimits(options);
    const tenant = tenantOf({ producer: 0.2, anonymous: 0.4, key: 0.6 });
    const ask = (producer: string | undefined, tier: Tier = 'anonymous') =>
      scopeOf(limits.batch({ tenant, tier, producer }));
    await ask('p1');
    await ask('p1');
    for (let at = 0; at < 100; at++) expect(await ask('p1')).toBe('producer');
    expect(await ask('p2')).toBeUndefined();
    expect(await ask(undefined)).toBeUndefined();
    for (let at = 0; at < 100; at++) expect(await ask(undefined)).toBe('anonymous');
    expect(await ask('p3', 'session')).toBeUndefined();
    expect(await ask('p4', 'session')).toBeUndefined();
    expect(await ask('p5', 'session')).toBe('key');
    const other = tenantOf({ producer: 0.2, anonymous: 0.4, key: 0.6 }, 'game/staging');
    expect(await scopeOf(limits.batch({ tenant: other, tier: 'anonymous', producer: 'p1' }))).toBeUndefined();
  });

  it('of one producer is told the moment, and of what many share a moment within ten seconds of it', async () => {
    const limits = createRateLimits({ ...options, random: () => 0.999 });
    const wait = async (rates: Parameters<typeof tenantOf>[0]) => {
      const ask = () => limits.batch({ tenant: tenantOf(rates), tier: 'anonymous', producer: 'p1' });
      await ask();
      return (await refusal(ask()))?.headers['Retry-After'];
    };
    expect(await wait({ producer: 0.1 })).toBe('10');
    expect(await wait({ key: 0.1 })).toBe('19');
  });

  it('is counted among the refused by scope and tenant, from 0 on', async () => {
    const limits = createRateLimits({ ...options, tenants: () => ['game/production'] });
    const series = () => limits.families().flatMap((family) => [...family.series]);
    const labels = [
      [['scope', 'address']],
      [['scope', 'token']],
      ...['producer', 'anonymous', 'key'].map((scope) => [
        ['scope', scope],
        ['tenant', 'game/production'],
      ]),
    ];
    expect(series()).toEqual(labels.map((one) => ({ labels: one, value: 0 })));
    for (let at = 0; at < 3; at++) {
      await refusal(limits.address('::1', 0.1));
      await refusal(limits.batch({ tenant: tenantOf({ anonymous: 0.2 }), tier: 'anonymous' }));
    }
    expect(series()).toEqual(
      labels.map((one, at) => ({ labels: one, value: at === 0 ? 2 : at === 3 ? 1 : 0 })),
    );
  });
});

describe('a reader', () => {
  it('may show ten wrong tokens a minute, and then none, not the right one either; others may', async () => {
    const limits = createRateLimits(options);
    const wrong = (address: string) => scopeOf(limits.wrongToken(address));
    for (let at = 0; at < 10; at++) {
      limits.token('2001:db8::1');
      expect(await wrong('2001:db8::1')).toBeUndefined();
    }
    expect(await wrong('2001:db8::2')).toBe('token');
    const ask = async (address: string): Promise<void> => limits.token(address);
    const problem = await refusal(ask('2001:db8::3'));
    expect(problem?.details).toMatchObject({ status: 429, scope: 'token' });
    expect(problem?.headers).toEqual({ 'Retry-After': '60' });
    expect(await refusal(ask('203.0.113.7'))).toBeUndefined();
    expect(await wrong('203.0.113.7')).toBeUndefined();
    vi.advanceTimersByTime(59_999);
    expect(await refusal(ask('2001:db8::1'))).toBeDefined();
    vi.advanceTimersByTime(1);
    expect(await refusal(ask('2001:db8::1'))).toBeUndefined();
    expect(await wrong('2001:db8::1')).toBeUndefined();
  });
});

describe('the limits', () => {
  it('let in when nobody can tell, and say so', async () => {
    const failures: unknown[] = [];
    const limits = createRateLimits({
      ...options,
      limiters: () => ({ take: () => Promise.reject(new Error('the store is gone')) }),
      onFailure: (error) => failures.push(error),
    });
    await limits.address('::1', 0.1);
    await limits.batch({
      tenant: tenantOf({ key: 1, anonymous: 1, producer: 1 }),
      tier: 'anonymous',
      producer: 'p',
    });
    expect(failures).toHaveLength(4);
  });

  it('know addresses and producers by keyed hashes, in whatever store', async () => {
    const specs: LimiterSpec[] = [];
    const keys: string[] = [];
    const ask = async (secret: string): Promise<void> => {
      const limits = createRateLimits({
        ...options,
        secret,
        limiters: (spec) => {
          specs.push(spec);
          return {
            take: async (key) => {
              keys.push(`${spec.scope} ${key}`);
              return { ok: true };
            },
          };
        },
      });
      await limits.address('203.0.113.7', 1);
      const tenant = tenantOf({ key: 4, anonymous: 3, producer: 2 });
      await limits.batch({ tenant, tier: 'anonymous', producer: 'p1' });
      await limits.batch({ tenant, tier: 'anonymous', producer: 'p1' });
    };
    await ask('one secret of thirty-two characters');
    await ask('another secret of as many characters');
    expect(specs.slice(0, 4)).toEqual([
      { scope: 'address', points: 10, seconds: 10 },
      { scope: 'producer', points: 20, seconds: 10 },
      { scope: 'anonymous', points: 30, seconds: 10 },
      { scope: 'key', points: 40, seconds: 10 },
    ]);
    expect(specs).toHaveLength(8);
    const hashed = keys.filter((key) => /^(?:address|producer) [\da-f]{16}$/.test(key));
    expect(hashed).toHaveLength(6);
    expect(new Set(hashed).size).toBe(4);
    expect(keys.filter((key) => key.endsWith(' game/production'))).toHaveLength(8);
  });

  it('admit what a window of ten seconds for each address admits, and whoever comes when he was told', async () => {
    const asked = fc.record({
      address: fc.integer({ min: 0, max: 3 }),
      after: fc.integer({ min: 0, max: 4_000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.array(asked, { maxLength: 80 }),
        async (points, asks) => {
          const limits: RateLimits = createRateLimits(options);
          const windows = new Map<number, { from: number; count: number }>();
          for (const { address, after } of asks) {
            vi.advanceTimersByTime(after);
            const now = Date.now();
            const known = windows.get(address);
            const window = known !== undefined && now < known.from + 10_000 ? known : { from: now, count: 0 };
            window.count++;
            windows.set(address, window);
            const problem = await refusal(limits.address(`203.0.113.${address}`, points / 10));
            expect(problem === undefined).toBe(window.count <= points);
            if (problem === undefined) continue;
            const seconds = Number(problem.headers['Retry-After']);
            expect(seconds).toBe(Math.ceil((window.from + 10_000 - now) / 1_000));
            expect(now + seconds * 1_000).toBeGreaterThanOrEqual(window.from + 10_000);
          }
          vi.advanceTimersByTime(10_000);
        },
      ),
    );
  });

  it('take no more memory for a million addresses than for 65,536', async () => {
    const stores: BoundedRateLimiterMemory[] = [];
    const limits = createRateLimits({
      ...options,
      limiters: ({ scope, points, seconds }) => {
        const store = new BoundedRateLimiterMemory({ keyPrefix: scope, points, duration: seconds });
        stores.push(store);
        return limiterOver(store);
      },
    });
    const kept = () => stores.map((store) => store.dump().storage.length);
    for (let at = 0; at < 1_000_000; at++) {
      await limits.address(`10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`, 5_000);
    }
    const [all = 0] = kept();
    expect(all).toBeGreaterThan(50_000);
    expect(all).toBeLessThanOrEqual(65_536);
  });

  it('forget an address when its points are back', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const store = new BoundedRateLimiterMemory({ points: 1, duration: 10 });
    const limits = createRateLimits({ ...options, limiters: () => limiterOver(store) });
    for (let at = 0; at < 100; at++) await limits.address(`203.0.113.${at}`, 0.1);
    expect(store.dump().storage).toHaveLength(100);
    vi.advanceTimersByTime(10_000);
    expect(store.dump().storage).toHaveLength(0);
  });

  it('never count one tenant for another, however many there are', async () => {
    const limits = createRateLimits({ ...options, limiters: memoryLimiters });
    for (let at = 0; at < 2_000; at++) {
      await limits.batch({
        tenant: tenantOf({ key: 0.1 }, `deadbeef${at.toString(16).padStart(8, '0')}/x`),
        tier: 'session',
      });
    }
  });
});
