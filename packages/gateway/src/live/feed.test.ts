import { browserCatalogue, type LogRecord } from '@artel/telemetry-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregate } from '../aggregate';
import { enrich } from '../enrich';
import { resolveMetric } from '../resolveMetric';
import type { CountedBatch } from './countedBatch';
import { createFeed, type Feed, type FeedUpdate } from './feed';
import { quantile } from './quantile';
import { HISTORY_SECONDS, MAX_ERROR_GROUPS, MAX_LOGS, type Update } from './wire';

const NOW = 1_700_000_000_000;

type Body = Parameters<typeof aggregate>[0] & {
  readonly logs?: readonly LogRecord[];
  readonly producer?: string;
};

/** What the admission hands on of a body, made by its own code. */
function counted(body: Body, at = NOW, more: Partial<CountedBatch> = {}): CountedBatch {
  const { deltas, accepted, rejected } = aggregate(body, [], {
    resolve: (point) => resolveMetric(point, { catalogue: browserCatalogue, strict: false }),
    hasRoom: () => true,
  });
  const records = enrich(body, {
    tenant: 'default',
    tier: 'anonymous',
    received: at,
    pseudonym: (user) => user,
  });
  return {
    tenant: 'default',
    at,
    deltas,
    records,
    accepted: accepted + records.length,
    rejected: rejected.length,
    duplicate: false,
    ...(body.producer === undefined ? {} : { producer: body.producer }),
    ...more,
  };
}

const action = (name: string, value = 1) => ({
  name: 'user_action_total',
  value,
  labels: { action: name, page: '/' },
});
const call = (values: readonly number[], status_code = '200') => ({
  name: 'api_request_duration_ms',
  values,
  labels: { endpoint: '/api/pot', method: 'POST', status_code },
});
const errorLog = (message: string, fields = {}): LogRecord => ({
  level: 'error',
  category: 'error',
  message: `TypeError: ${message}`,
  timestamp: NOW,
  fields: {
    error_type: 'TypeError',
    page: '/game',
    stack: 'TypeError: x\n    at pot (app.js:1:1)',
    ...fields,
  },
});

function makeFeed(showsTenants = false): Feed {
  return createFeed({ catalogue: browserCatalogue, showsTenants });
}

/** As a reader gets it, who is told nothing of the gateway. */
const whole = (update: FeedUpdate): Update => ({ ...update, delivery: { ...update.delivery, outputs: [] } });

/** A page that keeps what it is told, as ours does. */
function apply(page: Map<number, Update['seconds'][number]>, { reset, seconds }: Update): void {
  if (reset) page.clear();
  for (const row of seconds) page.set(row.s, row);
}

describe('a feed', () => {
  it('counts events by second and by line, and what has no line of its own under the last', () => {
    const feed = makeFeed();
    feed.observe(
      counted({
        metrics: [
          action('shot', 3),
          { name: 'game_event_total', labels: { event_type: 'ball_potted', game_type: 'kolkhoz' } },
          { name: 'frontend_error_total', labels: { error_type: 'TypeError' } },
          call([10, 20]),
          { name: 'page_load_duration_ms', value: 800, labels: { page: '/' } },
          { name: 'coins', value: 5 },
        ],
      }),
    );
    feed.observe(counted({ metrics: [action('shot')] }, NOW + 1_000));
    const { seconds, actions, games, others } = feed.snapshot(NOW + 1_200);
    expect(seconds).toHaveLength(HISTORY_SECONDS);
    expect(seconds.at(-2)).toMatchObject({ s: NOW / 1_000, n: [3, 1, 1, 2, 1, 5] });
    expect(seconds.at(-1)).toMatchObject({ s: NOW / 1_000 + 1, n: [1, 0, 0, 0, 0, 0] });
    expect(actions).toEqual([{ name: 'shot', count: 4 }]);
    expect(games).toEqual([{ name: 'ball_potted · kolkhoz', count: 1 }]);
    expect(others).toEqual([{ name: 'coins_total', count: 5 }]);
  });

  it('times calls and loads over the seconds up to each, and endpoints apart', () => {
    const feed = makeFeed();
    feed.observe(counted({ metrics: [call([5, 5, 5, 5])] }));
    feed.observe(counted({ metrics: [call([400, 400, 400, 400], '503')] }, NOW + 3_000));
    const { seconds, timings, endpoints } = feed.snapshot(NOW + 12_000);
    const at = (second: number) => seconds.find(({ s }) => s === NOW / 1_000 + second)?.q;
    expect(at(-1)).toEqual([null, null, null, null]);
    expect(at(0)).toEqual([5, 9.5, null, null]);
    // Four of each: the middle is the top of the first bucket, p95 lies in the one from 250 to 500.
    expect(at(3)?.[0]).toBe(10);
    expect(at(9)?.[1]).toBe(475);
    // The first four are more than ten seconds old.
    expect(at(10)?.[0]).toBe(375);
    expect(timings.api).toEqual({ count: 8, p50: 10, p95: 475, most: 30_000 });
    expect(timings.loads).toEqual({ count: 0, p50: null, p95: null, most: 30_000 });
    expect(endpoints).toEqual([{ name: 'POST /api/pot', count: 8, failed: 4, p50: 10, p95: 475 }]);
  });

  it('judges web vitals by the published bounds', () => {
    const feed = makeFeed();
    const lcp = [900, 2_500, 2_600, 4_000, 4_100];
    feed.observe(counted({ metrics: [{ name: 'web_vital_lcp_ms', values: lcp, labels: { page: '/' } }] }));
    const { vitals } = feed.snapshot(NOW);
    expect(vitals.web_vital_lcp_ms).toMatchObject({ count: 5, good: 2, fair: 2, poor: 1 });
    expect(vitals.web_vital_lcp_ms.p75).toBeGreaterThan(3_000);
    expect(vitals.web_vital_cls).toEqual({ count: 0, good: 0, fair: 0, poor: 0, p75: null });
    expect(feed.snapshot(NOW + 31 * 60_000).vitals.web_vital_lcp_ms.count).toBe(0);
  });

  it('accounts for delivery, and the drops that clients tell of', () => {
    const feed = makeFeed();
    feed.observe(counted({ metrics: [action('shot')], dropped: { quota: 7, age: 2 } }));
    feed.observe(counted({ metrics: [] }, NOW, { duplicate: true }));
    feed.observe(counted({ metrics: [action('shot')] }, NOW, { rejected: 4 }));
    expect(feed.snapshot(NOW).delivery).toEqual({
      accepted: 2,
      rejected: 4,
      duplicates: 1,
      batches: 3,
      dropped: [
        { name: 'quota', count: 7 },
        { name: 'age', count: 2 },
      ],
    });
    expect(feed.snapshot(NOW).seconds.at(-1)?.n).toEqual([2, 0, 0, 0, 0, 0]);
  });

  it('groups errors with their stack, and shows each log line short', () => {
    const feed = makeFeed();
    const long = 'x'.repeat(2_000);
    feed.observe(
      counted({
        metrics: [],
        producer: 'tab-1',
        logs: [
          errorLog('no cue 1'),
          errorLog('no cue 2'),
          { level: 'info', message: long, timestamp: NOW, fields: { long } },
          { level: 'error', message: 'by hand', timestamp: NOW },
        ],
      }),
    );
    const { errors, logs, active } = feed.snapshot(NOW);
    expect(errors).toEqual([
      expect.objectContaining({ type: 'log.error', message: 'by hand', count: 1, stack: '' }),
      expect.objectContaining({
        type: 'TypeError',
        message: 'no cue 2',
        count: 2,
        page: '/game',
        stack: expect.stringContaining('at pot'),
      }),
    ]);
    expect(logs.map(({ level }) => level)).toEqual(['error', 'error', 'info', 'error']);
    expect(JSON.stringify(logs).length).toBeLessThan(1_500);
    expect(JSON.stringify(logs)).not.toContain('at pot');
    expect(active).toBe(1);
  });

  it('tells in an update what is new, the unfinished second again, and a late batch in its own second', () => {
    const feed = makeFeed();
    feed.skip(NOW);
    feed.observe(counted({ metrics: [action('shot')], logs: [errorLog('first')] }, NOW + 100));
    const first = feed.update(NOW + 500);
    expect(first).toMatchObject({ reset: false, seconds: [{ s: NOW / 1_000 }] });
    expect(first.logs).toHaveLength(1);
    expect(first.errors).toHaveLength(1);

    feed.observe(counted({ metrics: [action('shot')] }, NOW + 600));
    feed.observe(counted({ metrics: [action('shot')] }, NOW - 2_000));
    const second = feed.update(NOW + 1_000);
    expect(second.seconds.map(({ s, n }) => [s - NOW / 1_000, n[0]])).toEqual([
      [-2, 1],
      [-1, 0],
      [0, 2],
      [1, 0],
    ]);
    expect(second).toMatchObject({ logs: [], errors: [] });
  });

  it('begins a new history when the clock is set back', () => {
    const feed = makeFeed();
    feed.observe(counted({ metrics: [action('shot')], logs: [errorLog('kept')] }));
    feed.skip(NOW);
    const back = NOW - 3_600_000;
    feed.observe(counted({ metrics: [action('shot', 2)] }, back));
    const update = feed.update(back + 500);
    expect(update.reset).toBe(true);
    expect(update.seconds.at(-1)).toMatchObject({ s: back / 1_000, n: [2, 0, 0, 0, 0, 0] });
    expect(update.seconds.filter(({ n }) => n[0] !== 0)).toHaveLength(1);
    expect(update.errors).toHaveLength(1);
    expect(feed.update(back + 1_000).reset).toBe(false);
  });

  it('leaves a page that has followed it with what a page has that opens now', () => {
    const steps = fc.array(
      fc.record({
        ahead: fc.integer({ min: 0, max: 4_000 }),
        late: fc.constantFrom(0, 0, 300, 4_000),
        values: fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 5 }),
        tick: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (list) => {
        const feed = makeFeed();
        const page = new Map<number, Update['seconds'][number]>();
        let now = NOW;
        apply(page, whole(feed.snapshot(now)));
        feed.skip(now);
        for (const { ahead, late, values, tick } of list) {
          now += ahead;
          feed.observe(counted({ metrics: [call(values), action('shot')] }, now - late));
          if (tick) apply(page, whole(feed.update(now)));
        }
        apply(page, whole(feed.update(now)));
        const fresh = feed.snapshot(now);
        expect([...page.values()].sort((a, b) => a.s - b.s).slice(-HISTORY_SECONDS)).toEqual(fresh.seconds);
      }),
      { numRuns: 40 },
    );
  });

  it('is exact in its counts and its quantiles are those of all timings in the window', () => {
    const batches = fc.array(fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 8 }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(batches, (list) => {
        const feed = makeFeed();
        for (const [at, values] of list.entries()) {
          feed.observe(counted({ metrics: [call(values)] }, NOW + at * 1_000));
        }
        const all = list.flat();
        const { timings } = feed.snapshot(NOW + list.length * 1_000);
        const bounds = browserCatalogue.get('api_request_duration_ms')?.buckets ?? [];
        const bucket = (value: number) => bounds.filter((bound) => bound < value).length;
        const buckets = bounds.map((_, at) => all.filter((value) => bucket(value) === at).length);
        const above = all.filter((value) => bucket(value) === bounds.length).length;
        expect(timings.api.count).toBe(all.length);
        expect(timings.api.p95).toBeCloseTo(quantile(bounds, [...buckets, above], 0.95) ?? -1, 2);
      }),
      { numRuns: 40 },
    );
  });

  it('stays within its bounds whatever strangers send', () => {
    const feed = makeFeed(true);
    feed.skip(NOW);
    const wide = 'y'.repeat(8_000);
    for (let at = 0; at < 400; at++) {
      const name = String.fromCharCode(
        97 + (at % 26),
        97 + (Math.floor(at / 26) % 26),
        97 + Math.floor(at / 676),
      );
      feed.observe(
        counted(
          {
            metrics: [action(`act-${at}`), { name: `own_${at}_total` }],
            logs: [errorLog(`kind ${name}`, { stack: wide, a: wide, b: wide }), errorLog(wide)],
          },
          NOW + at,
        ),
      );
    }
    const update = feed.update(NOW + 500);
    const snapshot = feed.snapshot(NOW + 500);
    expect(update.logsSkipped).toBeGreaterThan(0);
    expect(JSON.stringify(update).length).toBeLessThan(300_000);
    expect(snapshot.errors.length).toBeLessThanOrEqual(MAX_ERROR_GROUPS);
    expect(snapshot.logs.length).toBeLessThanOrEqual(MAX_LOGS);
    expect(JSON.stringify(snapshot).length).toBeLessThan(1_000_000);
    expect(snapshot.actions.length).toBeLessThanOrEqual(10);
    expect(snapshot.logs.at(-1)).toMatchObject({ tenant: 'default' });
  });
});
