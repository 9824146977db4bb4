import { browserCatalogue } from '@artel/telemetry-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../fixtures/gateway';
import { systemClock } from './clock';
import { type Committer, createCommitter } from './commit';
import { readConfig } from './config';
import { resolveMetric } from './resolveMetric';
import { createSeriesBook } from './seriesBook';
import { openStore, type Store } from './store';

const [tenant] = readConfig({}).tenants;

/** A committer on a real store, whose limit, outputs and disk a test can change. */
function queueOn(dataDir: string) {
  const state = { limit: 1_000, outputs: ['a', 'b'] as readonly string[], isBroken: false, dropped: 0 };
  const store: Store = openStore(dataDir);
  const book = createSeriesBook([], browserCatalogue);
  const committer: Committer = createCommitter({
    store: {
      ...store,
      commit: (changes) => (state.isBroken ? Promise.reject(new Error('disk')) : store.commit(changes)),
    },
    books: { of: () => book },
    resolve: (point) => resolveMetric(point, { catalogue: browserCatalogue, strict: false }),
    pseudonym: (user) => user,
    clock: systemClock,
    queueLimit: () => state.limit,
    ledgerDays: () => 30,
    outputs: () => state.outputs,
    onCommit: (_seconds, dropped) => {
      state.dropped += dropped;
    },
    onFailure: () => {},
  });
  let sent = 0;
  const enqueue = async (count: number): Promise<void> => {
    if (!tenant) throw new Error('there is always a tenant');
    const logs = Array.from({ length: count }, (_, at) => ({
      level: 'info' as const,
      message: `m${sent + at}`,
      timestamp: 1,
    }));
    await committer.submit({
      tenant,
      tier: 'anonymous',
      batch: { metrics: [], logs },
      rejected: [],
      bytes: 100,
    });
    sent += count;
  };
  const keys = (): number[] => store.read(0, 10_000).map(({ key }) => key);
  return { state, store, committer, enqueue, keys };
}

describe('the queue', () => {
  it('keeps a record until every output has passed it', async () => {
    const { committer, enqueue, keys, state, store } = queueOn(tempDir());
    await enqueue(4);
    expect(keys()).toEqual([1, 2, 3, 4]);
    await committer.move('a', 4);
    expect(keys()).toEqual([1, 2, 3, 4]);
    await committer.move('b', 3);
    expect(keys()).toEqual([3, 4]);
    expect(committer.ends()).toEqual({ first: 3, next: 5 });
    await committer.move('b', 5);
    expect(keys()).toEqual([4]);
    expect(state.dropped).toBe(0);
    await store.close();
  });

  it('gives no key twice, not after a restart on an empty queue either', async () => {
    const dataDir = tempDir();
    const first = queueOn(dataDir);
    await first.enqueue(3);
    for (const output of ['a', 'b']) await first.committer.move(output, 4);
    expect(first.keys()).toEqual([]);
    await first.store.close();
    const second = queueOn(dataDir);
    expect(second.committer.ends()).toEqual({ first: 4, next: 4 });
    expect(second.committer.get('a')).toBe(4);
    await second.enqueue(1);
    expect(second.keys()).toEqual([4]);
    await second.store.close();
  });

  it('counts as dropped only what some output had not passed', async () => {
    const { committer, enqueue, keys, state, store } = queueOn(tempDir());
    state.limit = 5;
    await enqueue(5);
    await committer.move('a', 3);
    await committer.move('b', 2);
    await enqueue(5);
    expect(keys()).toEqual([6, 7, 8, 9, 10]);
    // 1 had been passed by both; of 2 to 5 none was by b.
    expect(state.dropped).toBe(4);
    await store.close();
  });

  it('does not wait for an output that is no longer configured, and lets a new one begin with what waits', async () => {
    const { committer, enqueue, keys, state, store } = queueOn(tempDir());
    await enqueue(2);
    state.outputs = ['a'];
    await committer.move('a', 2);
    expect(keys()).toEqual([2]);
    state.outputs = ['a', 'c'];
    await committer.move('a', 3);
    expect(keys()).toEqual([2]);
    expect(committer.get('c')).toBeUndefined();
    await store.close();
  });

  it('keeps everything where no output is configured', async () => {
    const { committer, enqueue, keys, state, store } = queueOn(tempDir());
    state.outputs = [];
    await enqueue(2);
    await committer.move('a', 3);
    await enqueue(1);
    expect(keys()).toEqual([1, 2, 3]);
    await store.close();
  });

  it('moves no cursor whose commit failed, and none back', async () => {
    const { committer, enqueue, keys, state, store } = queueOn(tempDir());
    await enqueue(3);
    state.isBroken = true;
    await expect(committer.move('a', 3)).rejects.toThrow('the store could not be written');
    expect(committer.get('a')).toBeUndefined();
    state.isBroken = false;
    await Promise.all([committer.move('a', 3), committer.move('a', 2), committer.move('b', 4)]);
    expect(committer.get('a')).toBe(3);
    expect(keys()).toEqual([3]);
    await store.close();
  });

  type Step =
    | { readonly kind: 'enqueue'; readonly count: number }
    | { readonly kind: 'move'; readonly output: 'a' | 'b'; readonly part: number }
    | { readonly kind: 'limit'; readonly limit: number }
    | { readonly kind: 'break' | 'mend' | 'restart' };

  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constant('enqueue' as const), count: fc.integer({ min: 1, max: 6 }) }),
    fc.record({
      kind: fc.constant('move' as const),
      output: fc.constantFrom('a' as const, 'b' as const),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({ kind: fc.constant('limit' as const), limit: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ kind: fc.constantFrom('break' as const, 'mend' as const, 'restart' as const) }),
  );

  it('is, whatever happens, what was put in less what all have passed or what was dropped and counted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const dataDir = tempDir();
        let queue = queueOn(dataDir);
        let next = 1;
        let gone = 0;
        let dropped = 0;
        const cursors = { a: 1, b: 1 };
        let limit = 1_000;
        /** What a commit takes out. */
        const trim = (): void => {
          const passed = Math.min(cursors.a, cursors.b) - 1;
          const over = next - 1 - limit;
          const target = Math.max(gone, passed, over);
          dropped += Math.max(0, target - Math.max(gone, passed));
          gone = target;
        };
        for (const one of steps) {
          const { isBroken } = queue.state;
          if (one.kind === 'enqueue') {
            const done = await queue.enqueue(one.count).then(
              () => true,
              () => false,
            );
            expect(done).toBe(!isBroken);
            if (done) {
              // What would not stay gets no key.
              const kept = Math.min(one.count, limit);
              dropped += one.count - kept;
              next += kept;
              trim();
            }
          } else if (one.kind === 'move') {
            const to = 1 + Math.floor(one.part * (next - 1));
            const done = await queue.committer.move(one.output, to).then(
              () => true,
              () => false,
            );
            expect(done).toBe(!isBroken);
            if (done) {
              cursors[one.output] = Math.max(cursors[one.output], to);
              trim();
            }
          } else if (one.kind === 'limit') {
            limit = one.limit;
            queue.state.limit = limit;
          } else if (one.kind === 'restart') {
            const before = queue.state;
            await queue.store.close();
            queue = queueOn(dataDir);
            Object.assign(queue.state, before);
          } else {
            queue.state.isBroken = one.kind === 'break';
          }
          const kept = queue.keys();
          expect(kept).toEqual(Array.from({ length: next - 1 - gone }, (_, at) => gone + 1 + at));
          expect(queue.committer.queueRecords()).toBe(kept.length);
          expect(queue.state.dropped).toBe(dropped);
        }
        await queue.store.close();
      }),
      { numRuns: 40 },
    );
  });
});
