import { browserCatalogue, type MetricPoint } from '@artel/telemetry-protocol';
import { describe, expect, it } from 'vitest';
import { labelValue, type Resolution, resolveMetric, valuesOf } from './resolveMetric';

const resolve = (point: MetricPoint, strict = false): Resolution =>
  resolveMetric(point, { catalogue: browserCatalogue, strict });

/** What matters of a resolution, and what the point brings to it, in one line. */
function brief(point: MetricPoint, resolution: Resolution): string {
  if (!resolution.ok) return resolution.reason;
  const { family, labels } = resolution;
  const series = `${family.name}{${labels.map((pair) => pair.join('=')).join(',')}}`;
  return `${family.kind} ${series} ${valuesOf(point).join(',')}`;
}

describe('the series of a point', () => {
  it.each<[string, MetricPoint, string]>([
    [
      'takes of a known metric only the labels that the catalogue lists',
      {
        name: 'game_event_total',
        labels: { session_id: 's1', game_type: 'pool', event_type: 'ball_potted' },
      },
      'counter game_event_total{event_type=ball_potted,game_type=pool} 1',
    ],
    [
      'is a histogram where the catalogue says so',
      { name: 'web_vital_cls', value: 0.1 },
      'histogram web_vital_cls{} 0.1',
    ],
    ['counts an unknown name', { name: 'shots_total', value: 2 }, 'counter shots_total{} 2'],
    ['gives a counter its suffix', { name: 'shots' }, 'counter shots_total{} 1'],
    [
      'finds the known metric without its suffix too',
      { name: 'user_action' },
      'counter user_action_total{} 1',
    ],
    [
      'observes an unknown name that ends in a unit',
      { name: 'aim_seconds', value: 2 },
      'histogram aim_seconds{} 2',
    ],
    ['observes values', { name: 'score', values: [1, 2] }, 'histogram score{} 1,2'],
    [
      'counts what ends in _total, unit or not',
      { name: 'aim_seconds_total', value: 2 },
      'counter aim_seconds_total{} 2',
    ],
    [
      'sorts the labels and leaves out empty ones',
      { name: 'a', labels: { z: '1', b: '2', c: '' } },
      'counter a_total{b=2,z=1} 1',
    ],
    [
      'makes a path of ids a template',
      { name: 'a', labels: { endpoint: 'https://x.y/s/42?q=1', page: '/p/7' } },
      'counter a_total{endpoint=/s/:id,page=/p/:id} 1',
    ],
    [
      'leaves a page that has a name alone',
      { name: 'a', labels: { page: 'Lobby' } },
      'counter a_total{page=Lobby} 1',
    ],
    [
      'is refused for values on a counter',
      { name: 'user_action_total', values: [1] },
      'values: user_action_total is a counter, it takes value',
    ],
    [
      'is refused for values on an unknown _total',
      { name: 'x_total', values: [1] },
      "values: x_total is no name for a histogram, it ends like a counter or a histogram's part",
    ],
    [
      "is refused for a name that another histogram's parts have",
      { name: 'x_sum', values: [1] },
      "values: x_sum is no name for a histogram, it ends like a counter or a histogram's part",
    ],
    [
      'is refused for too large an increment',
      { name: 'x', value: 1e10 },
      'value: 10000000000 is not between 0 and 1000000000',
    ],
    [
      "is refused for the client's own account",
      { name: 'telemetry_dropped_total' },
      'name: telemetry_dropped_total is reserved',
    ],
    [
      "is refused for the client's own account by its other name",
      { name: 'telemetry_dropped' },
      'name: telemetry_dropped is reserved',
    ],
  ])('%s', (_title, point, expected) => {
    expect(brief(point, resolve(point))).toBe(expected);
  });

  it('is refused for an unknown metric with more than 8 labels', () => {
    const labels = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`l${i}`, 'x']));
    expect(brief({ name: 'a', labels }, resolve({ name: 'a', labels }))).toMatch(
      /^labels: 9 labels, the limit .* is 8$/,
    );
  });

  it('is refused for every unknown metric where the catalogue is strict', () => {
    expect(brief({ name: 'shots_total' }, resolve({ name: 'shots_total' }, true))).toMatch(
      /^name: shots_total is not in the catalogue/,
    );
    expect(brief({ name: 'user_action_total' }, resolve({ name: 'user_action_total' }, true))).toMatch(
      /^counter/,
    );
  });

  it('has no label value in which a secret stands', () => {
    expect(labelValue('who', 'mail jane.doe@example.com now, please')).not.toContain('example.com');
    expect(labelValue('endpoint', '/api/x?token=abcdefgh')).toBe('/api/x');
  });

  it('has one label value for all that UTF-8 cannot tell apart', () => {
    expect(labelValue('l', '\ud800')).toBe(labelValue('l', '\udc00'));
  });
});
