import { expect, it } from 'vitest';
import { interpolate } from '../../queries/interpolate';
import { complaintsOf, withoutPromtool } from '../../testing/evaluate';
import { actionsByHour, averageDuration, registrationsOfDay, revenueOfRange } from './businessMetrics';

const fill = (expression: string, utcOffset = '0') =>
  interpolate(expression, { environment: '.+', game_type: '.*', __range: '1d', utc_offset: utcOffset });

const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
/** All hours of a day, nothing in them but what is given. */
const dayOf = (given: Readonly<Record<string, number>>) =>
  Object.fromEntries(hours.map((hour) => [`{hour="${hour}"}`, given[hour] ?? 0]));

it.skipIf(withoutPromtool)(
  'counts the actions of each hour of a day under that hour, in the chosen zone',
  () => {
    const series = {
      // From 05:00 to 06:00, ten in each ten minutes; and from 20:00 to 21:00, of another kind and service.
      'user_actions_total{environment="x",action_type="pot_ball",service="a"}': '0x30 10+10x5 60x200',
      'user_actions_total{environment="x",action_type="sign_in",service="b"}': '0x120 5+5x5 30x200',
    };
    expect(
      complaintsOf('10m', series, [
        { expr: fill(actionsByHour), at: '1d', values: dayOf({ '05': 60, '20': 30 }) },
        { expr: fill(actionsByHour, '3'), at: '1d', values: dayOf({ '08': 60, '23': 30 }) },
        { expr: fill(actionsByHour, '-6'), at: '1d', values: dayOf({ '23': 60, '14': 30 }) },
      ]),
    ).toBeUndefined();
  },
);

it.skipIf(withoutPromtool)(
  'counts in a day the hour that ends with it, and not the one that it begins with',
  () => {
    const series = {
      // Ten in each ten minutes of the last hour of the first day, twenty in those of the second.
      'user_actions_total{environment="x",action_type="pot_ball"}': '0x138 10+10x5 60x137 80+20x5',
    };
    expect(
      complaintsOf('10m', series, [{ expr: fill(actionsByHour), at: '2d', values: dayOf({ '23': 120 }) }]),
    ).toBeUndefined();
  },
);

it.skipIf(withoutPromtool)('counts the registrations of a day, and not those of before', () => {
  const series = {
    'user_actions_total{environment="x",action_type="user_registered"}': '100+1x24 124+2x24',
    'user_actions_total{environment="x",action_type="pot_ball"}': '0+50x48',
  };
  expect(
    complaintsOf('1h', series, [
      { expr: fill(registrationsOfDay), at: '1d', values: { '{}': 24 } },
      { expr: fill(registrationsOfDay), at: '49h', values: { '{}': 48 } },
    ]),
  ).toBeUndefined();
  expect(
    complaintsOf('1h', {}, [{ expr: fill(registrationsOfDay), at: '1d', values: { '{}': 0 } }]),
  ).toBeUndefined();
});

it.skipIf(withoutPromtool)('takes for revenue what came in within the time shown, over a restart too', () => {
  const series = {
    'game_revenue_rubles{environment="x",game_type="kolkhoz"}': '9000+100x24',
    // A restart at noon: the counter begins anew, and what it had taken is not lost.
    'game_revenue_rubles{environment="x",game_type="americanka"}': '0+10x12 10+10x11',
  };
  expect(
    complaintsOf('1h', series, [
      {
        expr: fill(revenueOfRange),
        at: '1d',
        values: { '{game_type="kolkhoz"}': 2_400, '{game_type="americanka"}': 240 },
      },
    ]),
  ).toBeUndefined();
  expect(
    complaintsOf('1h', {}, [{ expr: fill(revenueOfRange), at: '1d', values: { '{game_type="none"}': 0 } }]),
  ).toBeUndefined();
});

it.skipIf(withoutPromtool)(
  'takes for the average the minutes of the games that ended, over their number',
  () => {
    const of = (sum: string, count: string) => ({
      'game_session_duration_minutes_sum{environment="x",game_type="kolkhoz"}': sum,
      'game_session_duration_minutes_count{environment="x",game_type="kolkhoz"}': count,
    });
    const at = (value: number) => [{ expr: fill(averageDuration), at: '1d', values: { '{}': value } }];
    expect(complaintsOf('1h', of('0+50x24', '0+2x24'), at(25))).toBeUndefined();
    expect(complaintsOf('1h', of('700x24', '20x24'), at(0))).toBeUndefined();
  },
);
