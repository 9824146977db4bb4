import { describe, expect, it } from 'vitest';
import { deliveryRows } from '../measure/deliveryRows';
import { type Delivery, summarize } from '../measure/deliverySummary';
import type { BundleSize } from '../measure/sizes';
import { DELIVERY_RUNS, judge } from './goals';
import { NO_RESULTS, type Results } from './results';

const size = (eager: number, all: number): BundleSize => {
  const of = (brotli: number) => ({ minified: 3 * brotli, gzip: brotli + 1, brotli });
  return { eager: of(eager), all: of(all) };
};

const exact: Delivery = { sent: 80, delivered: 80, duplicates: 0, lastArrival: 1 };
const runsOf = (runs: readonly Delivery[]) =>
  Object.fromEntries(deliveryRows.map(({ name }) => [name, summarize(runs)]));
const times = (count: number) => Array.from({ length: count }, () => exact);

const cost = (median: number) => ({ median, mean: median * 2 });
const startUp = (total: number) => ({ evaluate: total / 2, start: total / 2, total });

const good: Results = {
  environments: {},
  ourSizes: {
    app: size(9_000, 13_000),
    core: size(8_000, 11_000),
    withReact: size(9_500, 12_500),
    bare: size(7_000, 9_000),
    webVitals: size(3_000, 3_000),
  },
  libraries: {
    ours: {
      cost: { repeated: cost(0.5), fresh: cost(2) },
      startUp: startUp(15),
      wire: { requests: 2, bytes: 3_000, bytesPerEvent: 3 },
      longTasks: { spread: 0, throttled: 0, burst: 0 },
      deliveries: runsOf(times(DELIVERY_RUNS)),
    },
    faro: { startUp: startUp(150) },
  },
};

const missed = (results: Results) => judge(results).flatMap(({ text, met }) => (met ? [] : [text]));

/** The good results with something of ours in another way. */
const but = (changed: Results['libraries'][string]): Results => ({
  ...good,
  libraries: { ...good.libraries, ours: { ...good.libraries['ours'], ...changed } },
});

describe('our goals', () => {
  it('are met at their limits', () => {
    expect(missed(good)).toEqual([]);
  });

  it('are not met by what was not measured', () => {
    const goals = judge(NO_RESULTS);
    expect(goals.every(({ met, measured }) => !met && measured === 'not measured')).toBe(true);
    expect(goals).toHaveLength(judge(good).length);
  });

  it.each([
    ['before it starts', { app: size(9_001, 13_000) }],
    ['all chunks', { app: size(9_000, 13_001) }],
    ['React bindings', { withReact: size(9_500, 12_501) }],
  ])('limit the size of %s', (text, sizes) => {
    if (!good.ourSizes) throw new Error('no sizes');
    const results = { ...good, ourSizes: { ...good.ourSizes, ...sizes } };
    expect(missed(results)).toEqual([expect.stringContaining(text)]);
  });

  it.each([
    ['repeated series', but({ cost: { repeated: cost(0.51), fresh: cost(2) } })],
    ['new series', but({ cost: { repeated: cost(0.5), fresh: cost(2.01) } })],
    ["Faro's", but({ startUp: startUp(15.1) })],
    ['B a tap', but({ wire: { requests: 2, bytes: 3_010, bytesPerEvent: 3.01 } })],
    ['over 50 ms', but({ longTasks: { spread: 0, throttled: 1, burst: 0 } })],
  ])('limit the cost: %s', (text, results) => {
    expect(missed(results)).toEqual([expect.stringContaining(text)]);
  });

  it.each([
    ['one run lost an event', [...times(29), { ...exact, delivered: 79 }]],
    ['one run counted an event twice', [...times(29), { ...exact, duplicates: 1 }]],
    ['a run is missing', times(29)],
  ])('ask every delivery row for all of its runs: %s', (_, runs) => {
    expect(missed(but({ deliveries: runsOf(runs) }))).toHaveLength(deliveryRows.length);
  });
});
