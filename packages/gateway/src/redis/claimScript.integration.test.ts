import { type RunningRedis, startRedis, withoutRedis } from '@artel/test-support/servers/redis';
import { createClient } from '@redis/client';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LedgerEntry, mark } from '../ledger';
import { type ClaimStep, claimAnswers, claimArguments, claimScript, placeOf } from './claimScript';

const TTL_MS = 86_400_000;

interface Kept {
  entry: LedgerEntry | undefined;
  readonly owners: Map<number, string>;
}

/** What the script is to answer, by the ledger of a gateway alone and a list of who has what. */
function createModel() {
  const kept = new Map<string, Kept>();
  const of = (key: string): Kept => {
    const found = kept.get(key) ?? { entry: undefined, owners: new Map<number, string>() };
    kept.set(key, found);
    return found;
  };
  return {
    of,
    answer({ key, seq, what }: ClaimStep): boolean {
      const one = of(key);
      const token = what.slice(1);
      if (what.startsWith('-')) {
        if (one.owners.get(seq) === token) one.owners.delete(seq);
        return false;
      }
      const { seen, entry } = mark(one.entry, seq);
      if (seen) return what.startsWith('+') && one.owners.get(seq) === token;
      if (what !== '?') one.entry = entry;
      if (what.startsWith('+')) one.owners.set(seq, token);
      return true;
    },
  };
}

/** `high|from-to,…|seq=token,…` as the model has it. */
function read(text: string | null): Kept | undefined {
  if (text === null) return undefined;
  const [high = '', ranges = '', owners = ''] = text.split('|');
  const pairs = (list: string, by: string) =>
    list === '' ? [] : list.split(',').map((one) => one.split(by));
  return {
    entry: {
      high: Number(high),
      ranges: pairs(ranges, '-').map(([from, to]) => [Number(from), Number(to)] as const),
    },
    owners: new Map(pairs(owners, '=').map(([seq, token = '']) => [Number(seq), token])),
  };
}

describe.skipIf(withoutRedis)('the claim script', () => {
  let redis: RunningRedis;
  let client: ReturnType<typeof createClient>;
  beforeAll(async () => {
    redis = await startRedis();
    client = createClient({ url: redis.url, RESP: 2 });
    await client.connect();
  });
  afterAll(async () => {
    client?.destroy();
    await redis?.close();
  });

  const run = async (steps: readonly ClaimStep[]): Promise<boolean[]> => {
    const keys = steps.map(({ key }) => key);
    const reply = await client.eval(claimScript, { keys, arguments: claimArguments(steps, TTL_MS) });
    return claimAnswers(reply, steps.length);
  };

  it('answers and keeps what the ledger of one gateway would, for any steps in any groups', async () => {
    let round = 0;
    const seq = fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 1, max: 12 }) },
      fc.constantFrom(1_000, 2 ** 31, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER),
    );
    const token = fc.constantFrom('a0', 'b1', 'c2');
    const what = fc.oneof(
      { weight: 4, arbitrary: token.map((name): `+${string}` => `+${name}`) },
      { weight: 2, arbitrary: token.map((name): `-${string}` => `-${name}`) },
      fc.constant('?' as const),
      fc.constant('!' as const),
    );
    const step = fc.record({ key: fc.constantFrom('p', 'q'), seq, what });
    const groups = fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(groups, async (list) => {
        round++;
        const model = createModel();
        for (const group of list) {
          const steps = group.map((one) => ({ ...one, key: `${round}${one.key}` }));
          expect(await run(steps)).toEqual(steps.map(model.answer));
        }
        for (const key of [`${round}p`, `${round}q`]) {
          const found = read(await client.get(key));
          const { entry, owners } = model.of(key);
          expect(found?.entry).toEqual(entry);
          expect(found?.owners ?? new Map()).toEqual(owners);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('closes the lowest gap of a producer that leaves too many, as the ledger of one gateway does', async () => {
    let entry: LedgerEntry | undefined;
    const steps = Array.from(
      { length: 300 },
      (_, at): ClaimStep => ({ key: 'gaps', seq: 2 * at + 2, what: '!' }),
    );
    for (const { seq } of steps) entry = mark(entry, seq).entry;
    await run(steps);
    expect(read(await client.get('gaps'))?.entry).toEqual(entry);
    expect(entry?.ranges).toHaveLength(256);
  });

  it('gives a claim to the token that came first, however often it is sent, until it is forgotten', async () => {
    const steps = (token: string): ClaimStep[] => [{ key: 'first', seq: 1, what: `+${token}` }];
    expect(await run(steps('a'))).toEqual([true]);
    expect(await run(steps('b'))).toEqual([false]);
    expect(await run(steps('a'))).toEqual([true]);
    await run([{ key: 'first', seq: 1, what: '-a' }]);
    expect(await run(steps('a'))).toEqual([false]);
    expect(await client.get('first')).toBe('1');
  });

  it('lets a silent producer expire, counted from its last change', async () => {
    await run([{ key: 'silent', seq: 1, what: '!' }]);
    await client.pExpire('silent', 5_000);
    await run([{ key: 'silent', seq: 2, what: '+a' }]);
    expect(await client.pTTL('silent')).toBeGreaterThan(TTL_MS - 60_000);
  });
});

describe('the place of a producer', () => {
  it('is the same in every gateway, short, and spread over all shards', () => {
    const places = Array.from({ length: 400 }, (_, at) =>
      placeOf(`default ${'p'.repeat(90)}${at}`, 'artel:', 4),
    );
    expect(placeOf('default p', 'artel:', 4)).toEqual(placeOf('default p', 'artel:', 4));
    expect(new Set(places.map(({ key }) => key)).size).toBe(400);
    for (const { key } of places) expect(key).toMatch(/^artel:[\w-]{22}$/);
    for (const shard of [0, 1, 2, 3]) {
      expect(places.filter((place) => place.shard === shard).length).toBeGreaterThan(50);
    }
  });
});
