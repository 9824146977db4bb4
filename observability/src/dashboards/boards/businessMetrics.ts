import type { Board } from '../board';
import { ofService } from '../links';
import { barGauge } from '../panels/barGauge';
import { heatmap } from '../panels/heatmap';
import { pie } from '../panels/pie';
import { stat } from '../panels/stat';
import { timeseries } from '../panels/timeseries';
import { grown, orZero, ratio } from '../promql';
import { buckets, instant, range } from '../queries';
import { environment, gameType, utcOffset } from '../variables';

const of = 'environment=~"$environment"';
const game = `${of},game_type=~"$game_type"`;
const registered = `user_actions_total{${of},action_type="user_registered"}`;
const created = `game_events_total{${game},event_type="session_created"}`;
const revenue = `game_revenue_rubles{${game}}`;
const finished = `game_events_total{${game},event_type="session_finished"}`;

/** The hour of the day, in the chosen zone, that ends at the moment of evaluation, as the label `hour`: `00` to `23`. */
const hourNow =
  'label_replace(count_values("hour", hour(vector(time() - 3600 + 3600 * ($utc_offset)))), "hour", "0$1", "hour", "(.)")';

/**
 * Actions by hour of the day. `by (hour)` has nothing to group by: no action has such a label. Here each whole hour's
 * actions are counted, given that hour's name, and summed over the day that ends at each point. A second short of it: the
 * points are whole days, and Prometheus 2 would count the hour that ended at the day's beginning too.
 */
export const actionsByHour = `sum by (hour) (sum_over_time(((sum(increase(user_actions_total{${of}}[1h])) or vector(0)) * on() group_right() ${hourNow})[23h59m59s:1h]))`;

/** Registrations within the day that ends at each point. */
export const registrationsOfDay = orZero(`sum(${grown(registered, '1d')})`);

/** Mean length of the games that ended in the time shown, in minutes; nothing where none ended. */
export const averageDuration = `sum(increase(game_session_duration_minutes_sum{${game}}[$__range])) / (sum(increase(game_session_duration_minutes_count{${game}}[$__range])) > 0) or on() vector(0)`;

/** Rubles taken in the time shown: what a counter grew by, and not what it stands at. */
export const revenueOfRange = orZero(
  `sum by (game_type) (increase(game_revenue_rubles{${game}}[$__range]))`,
  {
    game_type: 'none',
  },
);

/** What players do and what it earns. */
export const businessMetrics: Board = {
  name: 'business-metrics',
  audience: 'Business',
  title: 'Business Metrics',
  description: 'How many players come, what they play, how long, when, and what that earns?',
  from: 'now-7d',
  variables: [environment, gameType, utcOffset],
  rows: [
    {
      title: 'Now',
      panels: [
        stat({
          title: 'Registrations, 24 h',
          description: 'Users that were registered in the last 24 hours.',
          width: 5,
          decimals: 0,
          queries: [instant(registrationsOfDay, 'users')],
        }),
        stat({
          title: 'Games Started, 24 h',
          description: 'Game sessions that were created in the last 24 hours.',
          width: 5,
          decimals: 0,
          queries: [instant(orZero(`sum(${grown(created, '1d')})`), 'games')],
        }),
        stat({
          title: 'Average Game',
          description: 'Mean length of the games that ended in the time shown. 0 where none has ended.',
          width: 5,
          unit: 'm',
          decimals: 1,
          queries: [instant(averageDuration, 'minutes')],
        }),
        stat({
          title: 'Revenue in Range',
          description: 'Money taken for games in the time shown.',
          width: 5,
          unit: 'currencyRUB',
          decimals: 0,
          queries: [instant(orZero(`sum(${grown(revenue, '$__range')})`), 'rubles')],
        }),
        stat({
          title: 'Being Played',
          description: 'Games that are being played now.',
          width: 4,
          queries: [range(`sum(active_game_sessions_total{${game}})`, 'games')],
        }),
      ],
    },
    {
      title: 'Players',
      panels: [
        timeseries({
          title: 'User Registrations (Daily)',
          description: 'New users of each day; a bar stands at the end of its day.',
          width: 12,
          decimals: 0,
          bars: true,
          interval: '1d',
          queries: [range(registrationsOfDay, 'new users')],
        }),
        timeseries({
          title: 'Actions',
          description: 'What users did, a second, by action.',
          width: 12,
          unit: 'cps',
          queries: [
            range(
              orZero(`sum by (action_type) (rate(user_actions_total{${of}}[$__rate_interval]))`, {
                action_type: 'none',
              }),
              '{{action_type}}',
            ),
          ],
        }),
        heatmap({
          title: 'User Activity Heatmap',
          description:
            'Actions by day, to the right, and by hour of the day, upwards, in the zone chosen above. Each cell counts one hour.',
          width: 24,
          height: 12,
          unit: 'short',
          rowUnit: 'none',
          ofBuckets: false,
          interval: '1d',
          queries: [range(actionsByHour, '{{hour}}')],
        }),
      ],
    },
    {
      title: 'Games',
      panels: [
        timeseries({
          title: 'Game Sessions Created',
          description: 'Sessions created a second, by type of game.',
          width: 12,
          unit: 'cps',
          queries: [
            range(
              orZero(`sum by (game_type) (rate(${created}[$__rate_interval]))`, { game_type: 'none' }),
              '{{game_type}}',
            ),
          ],
        }),
        barGauge({
          title: 'Games Played to the End',
          description:
            'Games finished, of those created in the time shown, by type. Games still being played count as not finished.',
          width: 12,
          unit: 'percentunit',
          max: 1,
          queries: [
            instant(
              orZero(
                ratio(
                  `sum by (game_type) (increase(${finished}[$__range]))`,
                  `sum by (game_type) (increase(${created}[$__range]))`,
                ),
                { game_type: 'none' },
              ),
              '{{game_type}}',
            ),
          ],
          thresholds: ['orange', [0.5, 'green']],
        }),
        heatmap({
          title: 'Length of Games',
          height: 8,
          description: 'How many games ended after how long, by the buckets of the histogram.',
          width: 12,
          unit: 'short',
          rowUnit: 'm',
          ofBuckets: true,
          queries: [
            buckets(
              `sum by (le) (increase(game_session_duration_minutes_bucket{${game}}[$__rate_interval]))`,
            ),
          ],
        }),
        timeseries({
          title: 'Game Events',
          description: 'What happened in games, a second, by type of event.',
          width: 12,
          unit: 'cps',
          queries: [
            range(
              orZero(`sum by (service, event_type) (rate(game_events_total{${game}}[$__rate_interval]))`, {
                event_type: 'none',
              }),
              '{{event_type}}',
            ),
          ],
          links: ofService,
        }),
      ],
    },
    {
      title: 'Revenue',
      panels: [
        pie({
          title: 'Revenue by Game Type',
          description: 'Money taken in the time shown, by type of game.',
          width: 8,
          unit: 'currencyRUB',
          decimals: 0,
          queries: [instant(revenueOfRange, '{{game_type}}')],
        }),
        timeseries({
          title: 'Revenue (Daily)',
          description: 'Money taken on each day, by type of game; a bar stands at the end of its day.',
          width: 16,
          unit: 'currencyRUB',
          decimals: 0,
          bars: true,
          stacked: true,
          interval: '1d',
          queries: [
            range(
              orZero(`sum by (game_type) (${grown(revenue, '1d')})`, {
                game_type: 'none',
              }),
              '{{game_type}}',
            ),
          ],
        }),
      ],
    },
  ],
};
