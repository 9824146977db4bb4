import { until } from '@artel/test-support/programs/waitUntil';
import { ofTest } from '@artel/test-support/servers/ofTest';
import { type RunningRedis, startRedis, withoutRedis } from '@artel/test-support/servers/redis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../clock';
import { placeOf } from './claimScript';
import { createSharedLedger, type SharedLedger, type SharedLedgerOptions } from './sharedLedger';

const quiet = { info: () => {}, warn: () => {} };

async function openLedger(
  redis: readonly RunningRedis[],
  options: Partial<SharedLedgerOptions> = {},
): Promise<SharedLedger> {
  const ledger = createSharedLedger({
    urls: redis.map(({ url }) => url),
    prefix: 'test:',
    timeoutMs: 60_000,
    settleMs: 600,
    ledgerDays: () => 1,
    logger: quiet,
    clock: systemClock,
    ...options,
  });
  onTestFinished(() => ledger.close());
  await ledger.whenUp(300_000);
  return ledger;
}

const isAllUp = (ledger: SharedLedger): boolean => ledger.parts().up === ledger.parts().all;

function sample(ledger: SharedLedger, name: string): number[] {
  const family = ledger.families().find((one) => one.name === name);
  return [...(family?.series ?? [])].map((one) => ('value' in one ? one.value : Number.NaN));
}

const claimOf = (ledger: SharedLedger, seq: number, producer = 'p') => ({
  ledgerKey: `default ${producer}`,
  seq,
  token: ledger.newToken(),
});

describe.skipIf(withoutRedis)('the ledger that gateways share', () => {
  it('gives each batch to one of the gateways that claim it at once', async () => {
    const redis = await ofTest(startRedis());
    const ledgers = await Promise.all([openLedger([redis]), openLedger([redis]), openLedger([redis])]);
    const ours = Array.from({ length: 200 }, () => 0);
    await Promise.all(
      ours.map(async (_, at) => {
        const claims = ledgers.map((ledger) => ledger.claim(claimOf(ledger, at + 1)));
        for (const verdict of await Promise.all(claims))
          if (verdict === 'ours') ours[at] = (ours[at] ?? 0) + 1;
      }),
    );
    expect(new Set(ours)).toEqual(new Set([1]));
    expect(
      ledgers.flatMap((ledger) => sample(ledger, 'artel_gateway_claims_total')).reduce((a, b) => a + b),
    ).toBe(600);
  });

  it('keeps claims while Redis hangs, says so once for each, and has them answered when it goes on', async () => {
    const redis = await ofTest(startRedis());
    const ledger = await openLedger([redis], { timeoutMs: 500 });
    redis.signal('SIGSTOP');
    const delays = Array.from({ length: 50 }, () => 0);
    const claims = delays.map((_, at) =>
      ledger.claim(claimOf(ledger, at + 1), () => {
        delays[at] = (delays[at] ?? 0) + 1;
      }),
    );
    await until(() => delays.every((count) => count === 1));
    expect(ledger.isUp('default p')).toBe(false);
    expect(sample(ledger, 'artel_gateway_redis_up')).toEqual([0]);
    await expect(ledger.isClaimed('default p', 1)).rejects.toThrow('no connection to Redis');
    redis.signal('SIGCONT');
    // Redis may have run what it could not answer: the token tells that the claim was ours already.
    expect(new Set(await Promise.all(claims))).toEqual(new Set(['ours']));
    expect(new Set(delays)).toEqual(new Set([1]));
    await until(() => isAllUp(ledger));
    expect(await ledger.isClaimed('default p', 50)).toBe(true);
    expect(await ledger.isClaimed('default p', 51)).toBe(false);
  });

  it('loses no claim by a failover to a Redis that knows nothing, however long that took', async () => {
    const redis = await ofTest(startRedis());
    let skipped = 0;
    const clock: Clock = { now: systemClock.now, elapsed: () => systemClock.elapsed() + skipped };
    const a = await openLedger([redis], { clock });
    const b = await openLedger([redis], { clock });
    const open = claimOf(a, 1);
    const counted = claimOf(a, 2);
    const others = claimOf(b, 3);
    expect(await Promise.all([a.claim(open), a.claim(counted), b.claim(others)])).toEqual([
      'ours',
      'ours',
      'ours',
    ]);
    a.forget(counted);
    await redis.stop();
    await until(() => !isAllUp(a) && !isAllUp(b));
    skipped = 3_600_000;
    redis.forget();
    await redis.start();
    await Promise.all([a.whenUp(300_000), b.whenUp(300_000)]);
    for (const seq of [1, 2, 3]) {
      expect(await a.claim(claimOf(a, seq))).toBe('theirs');
      expect(await b.claim(claimOf(b, seq))).toBe('theirs');
    }
    // The batch that was not counted yet is still the one's that had claimed it, after a restart of that gateway too.
    expect(await a.claim(open)).toBe('ours');
    expect(await b.claim({ ...open })).toBe('ours');
    expect(await a.claim(counted)).toBe('theirs');
    expect(sample(a, 'artel_gateway_redis_restored_total')).toEqual([2]);
    expect(sample(b, 'artel_gateway_redis_restored_total')).toEqual([1]);
  });

  it('forgets the token of a batch that is counted, which leaves a number for each producer', async () => {
    const redis = await ofTest(startRedis());
    const ledger = await openLedger([redis]);
    for (const seq of [1, 2, 3]) {
      const claim = claimOf(ledger, seq);
      expect(await ledger.claim(claim)).toBe('ours');
      ledger.forget(claim);
    }
    const { key } = placeOf('default p', 'test:', 1);
    await until(async () => (await redis.command('GET', key)) === '3');
  });

  it('spreads the producers over several Redis, and goes on with the others while one is away', async () => {
    const both = [await ofTest(startRedis()), await ofTest(startRedis())];
    const [first, second] = both;
    const ledger = await openLedger(both);
    const names = Array.from({ length: 40 }, (_, at) => `p${at}`);
    const verdicts = await Promise.all(names.map((name) => ledger.claim(claimOf(ledger, 1, name))));
    expect(new Set(verdicts)).toEqual(new Set(['ours']));
    expect(Number(await first?.command('DBSIZE'))).toBeGreaterThan(5);
    expect(Number(await second?.command('DBSIZE'))).toBeGreaterThan(5);
    await first?.stop();
    await until(() => ledger.parts().up === 1);
    const reachable = names.filter((name) => ledger.isUp(`default ${name}`));
    expect(reachable.length).toBeGreaterThan(5);
    expect(reachable.length).toBeLessThan(35);
    const claims = reachable.map((name) => ledger.claim(claimOf(ledger, 2, name)));
    expect(new Set(await Promise.all(claims))).toEqual(new Set(['ours']));
  });
});
