import { describe, expect, it } from 'vitest';
import { createSeries } from './series';
import { openWindow } from './window.fixture';

function setUp() {
  const { content, ...deps } = openWindow();
  return { series: createSeries(deps), points: () => content().metrics };
}

describe('a series of the catalogue', () => {
  it('merges increments, and collects observations', () => {
    const { series, points } = setUp();
    series.add('user_action_total', true, 1, ['tap', '/lobby']);
    series.add('user_action_total', true, 2, ['tap', '/lobby']);
    series.add('page_load_duration_ms', false, 7, ['/lobby']);
    series.add('page_load_duration_ms', false, 9, ['/lobby']);
    expect(points()).toEqual([
      {
        name: 'user_action_total',
        labels: { action: 'tap', page: '/lobby' },
        timestamp: 1_000,
        value: 3,
      },
      { name: 'page_load_duration_ms', labels: { page: '/lobby' }, timestamp: 1_000, values: [7, 9] },
    ]);
  });

  it('is one for each value of its labels', () => {
    const { series, points } = setUp();
    for (const values of [
      ['a', 'b'],
      ['a', 'c'],
      ['ab', ''],
      ['a', 'b'],
    ]) {
      series.add('game_event_total', true, 1, values);
    }
    expect(points().map((point) => point.value)).toEqual([2, 1, 1]);
  });

  it('leaves a label out that has no value', () => {
    const { series, points } = setUp();
    series.add('user_action_total', true, 1, [undefined, null]);
    expect(points()[0]?.labels).toEqual({});
  });

  it('shortens the values of its labels', () => {
    const { series, points } = setUp();
    series.add('user_action_total', true, 1, ['x'.repeat(1_000), 7]);
    expect(points()[0]?.labels).toEqual({ action: expect.stringMatching(/^x{255}…$/), page: '7' });
  });

  it.each([
    ['frontend_error_total', 'Error', true],
    ['game_event_total', 'game_finished', true],
    ['game_event_total', 'ball_potted', false],
    ['user_action_total', 'tap', false],
  ])('%s of %s is urgent when the catalogue says so: %j', (name, first, urgent) => {
    expect(setUp().series.add(name, true, 1, [first])).toBe(urgent);
  });

  it('takes from labels that a caller names only those that the catalogue lists', () => {
    const { series, points } = setUp();
    series.addLabelled('web_vital_lcp_ms', false, 1, { cue: 'ash', page: '/game' });
    expect(points()[0]?.labels).toEqual({ page: '/game', platform: 'ios' });
  });

  it('fills in the page and the platform, the same by each way', () => {
    const { series, points } = setUp();
    series.addLabelled('user_action_total', true, 1, { action: 'tap' });
    series.add('user_action_total', true, 1, ['tap', '/lobby']);
    expect(points()).toMatchObject([{ labels: { action: 'tap', page: '/lobby' }, value: 2 }]);
  });
});

describe('a series of one’s own', () => {
  it('has the labels that it is given, and no others', () => {
    const { series, points } = setUp();
    series.addLabelled('shots_total', true, 1, { cue: 'ash', spin: 2, fast: true, none: null });
    series.addLabelled('shots_total', true, 1, undefined);
    expect(points().map((point) => point.labels)).toEqual([{ cue: 'ash', spin: '2', fast: 'true' }, {}]);
  });

  it('tells label names apart, and a counter from a histogram', () => {
    const { series, points } = setUp();
    series.addLabelled('a', true, 1, { x: 'v' });
    series.addLabelled('a', true, 1, { y: 'v' });
    series.addLabelled('a', false, 1, { x: 'v' });
    expect(points()).toHaveLength(3);
  });

  it('filters the value of a label whose name is private', () => {
    const { series, points } = setUp();
    series.addLabelled('a', true, 1, { token: 'secret' });
    expect(points()[0]?.labels).toEqual({ token: '[Filtered]' });
  });

  it.each([undefined, 7, Symbol('s'), 'x'.repeat(129)])(
    'needs a name of at most 128 characters: %#',
    (name) => {
      const { series, points } = setUp();
      expect(() => series.addLabelled(name as string, true, 1, {})).toThrow(
        'a metric’s name'.replace('’', "'"),
      );
      expect(points()).toEqual([]);
    },
  );
});

describe('an amount', () => {
  it.each(['5', 5n, null, -1, 1e9 + 1, Number.NaN, Number.POSITIVE_INFINITY])(
    'of a counter that is not from 0 to a thousand million is refused, and named: %s',
    (amount) => {
      const { series, points } = setUp();
      const add = () => series.add('user_action_total', true, amount as number, ['tap', '/']);
      expect(add).toThrow(`user_action_total: ${amount} is not a number from 0 to 1000000000`);
      expect(points()).toEqual([]);
    },
  );

  it('of a histogram may be larger', () => {
    const { series, points } = setUp();
    series.add('page_load_duration_ms', false, 1e12, ['/']);
    expect(() => series.add('page_load_duration_ms', false, 1e12 + 1, ['/'])).toThrow();
    expect(points()[0]?.values).toEqual([1e12]);
  });
});
