import type { Board } from '../board';
import { failuresOfServices, ofService } from '../links';
import { barGauge } from '../panels/barGauge';
import { stat } from '../panels/stat';
import { table } from '../panels/table';
import { timeseries } from '../panels/timeseries';
import { atMost, ratio } from '../promql';
import { instant, range } from '../queries';
import { environment, httpService } from '../variables';

const of = 'environment=~"$environment",service=~"$service"';

/** The objective: so much of a service's requests may be answered with 5xx. */
const BUDGET = 0.001;
/** Over 30 days, from what is recorded each 15 s: raw samples of a month are too many for one query. */
const errorsOfMonth = ratio(
  `sum by (service) (avg_over_time(service:http_request_errors:rate5m{${of}}[30d]))`,
  `sum by (service) (avg_over_time(service:http_requests:rate5m{${of}}[30d]))`,
);
/** How many times faster than the budget allows failures come; 0 while nothing is asked. */
const burn = (window: string) =>
  `max by (service) (service:http_requests:error_ratio_rate${window}{${of}}) / ${BUDGET} or 0 * sum by (service) (service:http_requests:rate5m{${of}})`;
const sum = (expr: string) => `sum by (service) (${expr})`;
const fast = sum(`rate(http_request_duration_seconds_bucket{${of},${atMost(0.5)}}[$__rate_interval])`);
const timed = sum(`rate(http_request_duration_seconds_count{${of}}[$__rate_interval])`);

/** Whether services keep their objective: 99.9 % of the requests answered with something else than 5xx, over 30 days. */
export const slo: Board = {
  name: 'slo',
  audience: 'Services',
  title: 'SLO',
  description:
    'Do the services keep 99.9 % availability over 30 days, and how fast do they spend what they may fail?',
  from: 'now-24h',
  variables: [environment, httpService],
  rows: [
    {
      title: '30 days',
      panels: [
        stat({
          title: 'Availability',
          description:
            'Part of the requests of the last 30 days that was answered with something else than 5xx. The objective is 99.9 %.',
          width: 8,
          height: 6,
          unit: 'percentunit',
          decimals: 3,
          queries: [instant(`1 - (${errorsOfMonth})`, '{{service}}')],
          thresholds: ['red', [0.999, 'green']],
          links: ofService,
          panelLinks: failuresOfServices,
        }),
        barGauge({
          title: 'Error Budget Left',
          description:
            'What is left of the failures that 30 days allow. At 0 no risk should be taken any more; below, the objective is missed.',
          width: 8,
          height: 6,
          unit: 'percentunit',
          decimals: 1,
          max: 1,
          queries: [instant(`clamp_min(1 - (${errorsOfMonth}) / ${BUDGET}, 0)`, '{{service}}')],
          thresholds: ['red', [0.1, 'orange'], [0.5, 'green']],
          links: ofService,
        }),
        table({
          title: 'Burn Rates Now',
          description:
            'How many times faster than allowed failures come, by window. 14.4 over an hour spends 2 % of the month’s budget.',
          width: 8,
          height: 6,
          labels: { service: 'Service' },
          columns: ['1h', '6h', '1d', '3d'].map((window) => ({
            name: window,
            unit: 'none',
            thresholds: ['green', [1, 'orange'], [6, 'red']],
            expr: burn(window),
          })),
        }),
      ],
    },
    {
      title: 'Burn rates',
      panels: [
        timeseries({
          title: 'Fast Burn',
          description:
            'Burn rate over 5 minutes and an hour. Both above 14.4 page somebody: the month’s budget would last two days.',
          width: 12,
          unit: 'none',
          decimals: 1,
          queries: [range(burn('5m'), '{{service}} 5m'), range(burn('1h'), '{{service}} 1h')],
          thresholds: ['green', [14.4, 'red']],
          links: ofService,
        }),
        timeseries({
          title: 'Slow Burn',
          description:
            'Burn rate over 30 minutes and 6 hours; above 6 in both, the budget would last five days.',
          width: 12,
          unit: 'none',
          decimals: 1,
          queries: [range(burn('30m'), '{{service}} 30m'), range(burn('6h'), '{{service}} 6h')],
          thresholds: ['green', [6, 'orange']],
          links: ofService,
        }),
        timeseries({
          title: 'Creeping Burn',
          description:
            'Burn rate over 2 hours, a day and three days; at 1 the budget is spent exactly when the month ends.',
          width: 12,
          unit: 'none',
          decimals: 1,
          queries: [
            range(burn('2h'), '{{service}} 2h'),
            range(burn('1d'), '{{service}} 1d'),
            range(burn('3d'), '{{service}} 3d'),
          ],
          thresholds: ['green', [1, 'orange']],
          links: ofService,
        }),
        timeseries({
          title: 'Availability over 5 Minutes',
          description:
            'Part of the requests answered with something else than 5xx. Holes are times without a request.',
          width: 12,
          unit: 'percentunit',
          softMin: 0.99,
          max: 1,
          queries: [
            range(`1 - max by (service) (service:http_requests:error_ratio_rate5m{${of}})`, '{{service}}'),
          ],
          thresholds: ['red', [0.999, 'green']],
          links: ofService,
        }),
      ],
    },
    {
      title: 'What the budget is spent on',
      panels: [
        table({
          title: 'Errors by Endpoint',
          description: 'Endpoints by how many 5xx they answered in the time shown.',
          width: 12,
          labels: { service: 'Service', method: 'Method', endpoint: 'Endpoint', status_code: 'Status' },
          columns: [
            {
              name: 'Errors',
              unit: 'short',
              thresholds: ['green', [1, 'red']],
              expr: `topk(20, sum by (service, method, endpoint, status_code) (increase(http_requests_total{${of},status_code=~"5.."}[$__range])) > 0) or on() vector(0)`,
            },
          ],
        }),
        timeseries({
          title: 'Requests below 500 ms',
          description: 'Part of the requests that were answered within 500 ms, failures included.',
          width: 12,
          unit: 'percentunit',
          softMin: 0.9,
          max: 1,
          queries: [range(ratio(fast, timed), '{{service}}')],
          thresholds: ['red', [0.95, 'green']],
          links: ofService,
        }),
      ],
    },
  ],
};
