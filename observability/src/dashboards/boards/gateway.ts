import type { Board } from '../board';
import { logsLink } from '../links';
import { barGauge } from '../panels/barGauge';
import { stat } from '../panels/stat';
import { table } from '../panels/table';
import { timeseries } from '../panels/timeseries';
import { orZero, quantile } from '../promql';
import { instant, range } from '../queries';
import { gatewayBehind } from '../rows/gatewayBehind';
import { environment } from '../variables';

const of = 'job="artel-gateway",environment=~"$environment"';
const rateBy = (by: string, metric: string) => `sum by (${by}) (rate(${metric}{${of}}[$__rate_interval]))`;
const log = [logsLink('Gateway log', '{service="gateway"} | json')];

/** How the gateway takes, keeps and hands on. */
export const gateway: Board = {
  name: 'gateway',
  audience: 'Platform',
  title: 'Gateway',
  description: 'Does the gateway take what pages send, keep it, and hand it on in time?',
  from: 'now-3h',
  variables: [environment],
  rows: [
    {
      title: 'Now',
      panels: [
        stat({
          title: 'Batches',
          description: 'Batches a second that were counted.',
          width: 5,
          unit: 'cps',
          queries: [
            range(
              `sum(rate(artel_gateway_batches_total{${of},outcome="accepted"}[$__rate_interval]))`,
              'batches',
            ),
          ],
        }),
        stat({
          title: 'Refused',
          description:
            'Part of the batches of which nothing was kept and that will not come again, over five minutes.',
          width: 5,
          unit: 'percentunit',
          decimals: 2,
          queries: [
            range(
              orZero('max(gateway:batches:refused_ratio_rate5m{environment=~"$environment"})'),
              'refused',
            ),
          ],
          thresholds: ['green', [0.01, 'orange'], [0.05, 'red']],
          panelLinks: log,
        }),
        stat({
          title: 'Lag',
          description:
            'Age of the oldest record that an output has not passed yet: how late logs and traces are. 0 without outputs.',
          width: 5,
          unit: 's',
          decimals: 1,
          queries: [range(orZero(`max(artel_gateway_output_lag_seconds{${of}})`), 'lag')],
          thresholds: ['green', [30, 'orange'], [300, 'red']],
          panelLinks: log,
        }),
        stat({
          title: 'Queue',
          description:
            'Logs and spans that wait to be handed on. Full at 100,000 by default; then the oldest go.',
          width: 5,
          queries: [range(`sum(artel_gateway_queue_records{${of}})`, 'records')],
          thresholds: ['green', [50_000, 'orange'], [90_000, 'red']],
        }),
        stat({
          title: 'Series',
          description: 'Series that batches have made: what a scrape costs.',
          width: 4,
          queries: [range(`sum(artel_gateway_series{${of}})`, 'series')],
        }),
      ],
    },
    {
      title: 'Taking',
      panels: [
        timeseries({
          title: 'Batches by Outcome',
          description:
            'Batches a second. Failed ones were not kept and will come again; refused ones will not.',
          width: 8,
          unit: 'cps',
          stacked: true,
          queries: [range(rateBy('outcome', 'artel_gateway_batches_total'), '{{outcome}}')],
          panelLinks: log,
        }),
        timeseries({
          title: 'Refused by Reason',
          description: 'Batches a second of which nothing was kept, by reason.',
          width: 8,
          unit: 'cps',
          queries: [range(rateBy('reason', 'artel_gateway_batches_refused_total'), '{{reason}}')],
          panelLinks: log,
        }),
        timeseries({
          title: 'Points Left Out',
          description:
            'Points, logs and spans a second that were left out of a batch, by the field that was wrong.',
          width: 8,
          unit: 'cps',
          queries: [range(rateBy('field', 'artel_gateway_points_rejected_total'), '{{field}}')],
          panelLinks: log,
        }),
        timeseries({
          title: 'Batches by Tenant',
          description:
            'Batches a second that were counted, by tenant and by whether the sender had a session.',
          width: 12,
          unit: 'cps',
          queries: [
            range(
              orZero(rateBy('tenant, tier', 'artel_gateway_tenant_batches_total'), { tenant: 'none' }),
              '{{tenant}} {{tier}}',
            ),
          ],
        }),
        timeseries({
          title: 'Limits and Overload',
          description:
            'Requests a second that were answered 429 for their rate, or 503 because the gateway had too much to do.',
          width: 12,
          unit: 'cps',
          queries: [
            range(rateBy('scope', 'artel_gateway_rate_limited_total'), 'rate of {{scope}}'),
            range(rateBy('reason', 'artel_gateway_overload_refused_total'), 'overload: {{reason}}'),
          ],
          panelLinks: log,
        }),
      ],
    },
    {
      title: 'Keeping',
      panels: [
        timeseries({
          title: 'Commit Duration',
          description: 'Time to write one group of batches to the disk, which each answer waits for.',
          width: 8,
          unit: 's',
          queries: [0.5, 0.99].map((q) =>
            range(quantile(q, 'artel_gateway_commit_duration_seconds', of), `p${q * 100}`),
          ),
        }),
        timeseries({
          title: 'Store',
          description: 'Bytes of the store that hold something: ledger, series and queue.',
          width: 8,
          unit: 'bytes',
          queries: [range(`sum by (instance) (artel_gateway_store_bytes{${of}})`, '{{instance}}')],
        }),
        timeseries({
          title: 'Producers in the Ledger',
          description: 'Page loads whose batches are known, so that none is counted twice.',
          width: 8,
          unit: 'short',
          queries: [range(`sum by (instance) (artel_gateway_ledger_producers{${of}})`, '{{instance}}')],
        }),
        barGauge({
          title: 'Series by Metric',
          description: 'The fifteen metrics with the most series, over all tenants.',
          width: 12,
          queries: [
            instant(
              orZero(`topk(15, sum by (metric) (artel_gateway_metric_series{${of}}))`, { metric: 'none' }),
              '{{metric}}',
            ),
          ],
          thresholds: ['green', [1_000, 'orange'], [2_000, 'red']],
        }),
        table({
          title: 'Metrics without Room',
          description:
            'Metrics that have reached their cap: what is over counts under overflow="true". One row of 0 is as it should be.',
          width: 12,
          labels: { metric: 'Metric' },
          columns: [
            {
              name: 'Series of overflow',
              unit: 'short',
              thresholds: ['green', [1, 'red']],
              expr: orZero(
                `count by (metric) (label_replace({__name__=~"user_action_total|api_request_duration_ms_count|game_event_total|frontend_error_total|page_load_duration_ms_count|web_vital_lcp_ms_count",overflow="true",environment=~"$environment"}, "metric", "$1", "__name__", "(.+)"))`,
                { metric: 'none' },
              ),
            },
          ],
        }),
      ],
    },
    ...gatewayBehind,
  ],
};
