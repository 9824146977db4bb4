import { browserCatalogue, type MetricPoint } from '@artel/telemetry-protocol';
import { checkBatch } from '@artel/telemetry-protocol/check';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregate, createSum } from './aggregate';
import { resolveMetric } from './resolveMetric';
import { seriesKey } from './series';
import { createSeriesBook } from './seriesBook';

const options = {
  resolve: (point: MetricPoint) => resolveMetric(point, { catalogue: browserCatalogue, strict: false }),
  hasRoom: () => true,
};

const point: fc.Arbitrary<MetricPoint> = fc.oneof(
  fc.record({
    name: fc.constantFrom('shots', 'shots_total', 'hits_total'),
    value: fc.nat(1000),
    labels: fc.constantFrom({}, { l: 'a' }),
  }),
  fc.record({
    name: fc.constantFrom('web_vital_lcp_ms', 'aim_ms'),
    values: fc.array(fc.nat(20_000), { minLength: 1, maxLength: 9 }),
  }),
);

function book(batches: readonly (readonly MetricPoint[])[]) {
  const made = createSeriesBook([], browserCatalogue);
  for (const metrics of batches) {
    const stage = made.stage();
    stage.add(aggregate({ metrics }, [], { ...options, hasRoom: stage.hasRoom }).deltas);
    stage.apply();
  }
  return made;
}

function everySeries(made: ReturnType<typeof book>) {
  return [...made.pages()]
    .flatMap(({ series }) => [...series.values()])
    .sort((a, b) => (seriesKey(a.name, a.labels) < seriesKey(b.name, b.labels) ? -1 : 1));
}

describe('what a batch adds', () => {
  it('remembers when each series began, whatever is added later', () => {
    const made = createSeriesBook([], browserCatalogue);
    for (const now of [1_000, 2_000]) {
      const stage = made.stage(now);
      const metrics = [{ name: 'shots_total' }, { name: `a${now}_total` }];
      stage.add(aggregate({ metrics }, [], { ...options, hasRoom: stage.hasRoom }).deltas);
      stage.apply();
    }
    expect(everySeries(made).map(({ name, created }) => [name, created])).toEqual([
      ['a1000_total', 1_000],
      ['a2000_total', 2_000],
      ['shots_total', 1_000],
    ]);
  });

  it('adds up to the same in one sum of many batches as in a sum of each', () => {
    fc.assert(
      fc.property(fc.array(fc.array(point, { maxLength: 8 }), { maxLength: 8 }), (batches) => {
        const made = createSeriesBook([], browserCatalogue);
        const stage = made.stage();
        const sum = createSum();
        for (const metrics of batches) {
          sum.add(metrics, [], { ...options, hasRoom: stage.hasRoom });
          sum.addDropped({ offline: 2 });
        }
        stage.add(sum.deltas());
        stage.apply();
        const dropped = everySeries(made).filter(({ name }) => name === 'telemetry_dropped_total');
        expect(dropped).toMatchObject(batches.length > 0 ? [{ value: 2 * batches.length }] : []);
        expect(everySeries(made).filter((one) => !dropped.includes(one))).toEqual(everySeries(book(batches)));
      }),
    );
  });

  it('is nothing of a batch of which one point could not be looked for', () => {
    const sum = createSum();
    const failing = (point: MetricPoint) => {
      if (point.name === 'broken') throw new Error('broken');
      return options.resolve(point);
    };
    const metrics = [{ name: 'shots' }, { name: 'broken' }];
    expect(() => sum.add(metrics, [], { ...options, resolve: failing })).toThrow('broken');
    expect(sum.deltas()).toEqual([]);
    expect(sum.newNames.size).toBe(0);
  });

  it('adds up to the same, however the points are cut into batches', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 30 }), fc.nat(30), (points, cut) => {
        expect(everySeries(book([points.slice(0, cut), points.slice(cut)]))).toEqual(
          everySeries(book([points])),
        );
      }),
    );
  });

  it('loses no increment and no observation', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 30 }), (points) => {
        const series = everySeries(book([points]));
        const counted = series.reduce((sum, one) => sum + (one.kind === 'counter' ? one.value : one.sum), 0);
        const observed = series.reduce((sum, one) => sum + (one.kind === 'histogram' ? one.count : 0), 0);
        expect(counted).toBe(
          points.flatMap(({ value = 0, values = [value] }) => values).reduce((a, b) => a + b, 0),
        );
        expect(observed).toBe(points.reduce((sum, { values = [] }) => sum + values.length, 0));
        for (const one of series) {
          if (one.kind === 'histogram') expect(one.counts.reduce((a, b) => a + b, 0)).toBe(one.count);
        }
      }),
    );
  });

  it('names a refused point by its place in the body, beside those that the check refused', () => {
    const check = checkBatch({
      metrics: [
        { name: 'bad name' },
        { name: 'a' },
        { name: 'telemetry_dropped_total' },
        7,
        { name: 'x_total', values: [1] },
      ],
    });
    if (!check.ok) throw new Error('the envelope is right');
    const { rejected, accepted } = aggregate(check.batch, check.rejected, options);
    expect(accepted).toBe(1);
    expect(rejected.map(({ index }) => index)).toEqual([0, 2, 3, 4]);
  });

  it('counts what the client dropped by its reason', () => {
    const { deltas } = aggregate({ metrics: [], dropped: { offline: 3, none: 0 } }, [], options);
    expect(deltas.map(({ key }) => key)).toEqual(['telemetry_dropped_total{reason="offline"}']);
    expect(deltas[0]?.series).toMatchObject({ kind: 'counter', value: 3 });
  });
});

describe('the book of series', () => {
  const many = (name: string, count: number): MetricPoint[] =>
    Array.from({ length: count }, (_, i) => ({ name, labels: { l: `v${i}` } }));

  it('counts what is over 200 series of an unknown metric under overflow, and loses none of it', () => {
    const made = book([many('shots', 150), many('shots', 260), many('shots', 260)]);
    const series = everySeries(made);
    expect(series).toHaveLength(201);
    expect(series.find(({ labels }) => labels[0]?.[0] === 'overflow')).toMatchObject({ value: 120 });
    expect(series.reduce((sum, one) => sum + (one.kind === 'counter' ? one.value : 0), 0)).toBe(670);
  });

  it('takes 200 unknown names, over batches and within one, and refuses the next', () => {
    const made = createSeriesBook([], browserCatalogue);
    const names = (from: number, to: number): MetricPoint[] =>
      Array.from({ length: to - from }, (_, i) => ({ name: `m${from + i}` }));
    const stage = made.stage();
    stage.add(aggregate({ metrics: names(0, 150) }, [], { ...options, hasRoom: stage.hasRoom }).deltas);
    const second = aggregate({ metrics: names(140, 205) }, [], { ...options, hasRoom: stage.hasRoom });
    expect(second.accepted).toBe(60);
    expect(second.rejected.map(({ index }) => index)).toEqual([60, 61, 62, 63, 64]);
    expect(second.rejected[0]?.reason).toMatch(/no room for m200/);
    stage.add(second.deltas);
    stage.apply();
    const after = aggregate(
      { metrics: [{ name: 'm7' }, { name: 'new' }, { name: 'user_action_total' }] },
      [],
      {
        ...options,
        hasRoom: made.stage().hasRoom,
      },
    );
    expect(after.rejected.map(({ index }) => index)).toEqual([1]);
  });

  it('shows nothing of a stage that was not applied', () => {
    const made = book([[{ name: 'shots', value: 2 }]]);
    const stage = made.stage();
    stage.add(aggregate({ metrics: [{ name: 'shots', value: 5 }, { name: 'hits' }] }, [], options).deltas);
    expect(everySeries(made)).toMatchObject([{ name: 'shots_total', value: 2 }]);
  });

  it('opens with what was stored, but for series whose buckets the catalogue has changed', () => {
    const labels = [] as const;
    const old = {
      kind: 'histogram',
      name: 'web_vital_cls',
      labels,
      bounds: [1],
      counts: [1, 0],
      sum: 0.5,
      count: 1,
    } as const;
    const kept = { kind: 'counter', name: 'shots_total', labels, value: 3 } as const;
    expect(everySeries(createSeriesBook([old, kept], browserCatalogue))).toEqual([kept]);
  });
});
