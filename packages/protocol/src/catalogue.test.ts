import { expect, it } from 'vitest';
import { browserCatalogue, createCatalogue, droppedMetric } from './catalogue';

it('defines every metric of the seed with help, labels and ascending buckets', () => {
  expect(browserCatalogue.get('game_event_total')).toMatchObject({
    kind: 'counter',
    labels: ['event_type', 'game_type'],
  });
  for (const { help, kind, buckets = [] } of browserCatalogue.values()) {
    expect(help).toMatch(/\.$/);
    expect(buckets.length > 0).toBe(kind === 'histogram');
    expect([...buckets].sort((a, b) => a - b)).toEqual(buckets);
  }
});

it('names a metric that is defined twice', () => {
  expect(() => createCatalogue([droppedMetric, droppedMetric])).toThrow(
    /telemetry_dropped_total is defined twice/,
  );
});
