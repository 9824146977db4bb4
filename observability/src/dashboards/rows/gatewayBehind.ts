import type { Row } from '../board';
import { logsLink } from '../links';
import { shared } from '../mappings';
import { stat } from '../panels/stat';
import { timeseries } from '../panels/timeseries';
import { orZero } from '../promql';
import { range } from '../queries';

const of = 'job="artel-gateway",environment=~"$environment"';
const rateBy = (by: string, metric: string) => `sum by (${by}) (rate(${metric}{${of}}[$__rate_interval]))`;
const log = [logsLink('Gateway log', '{service="gateway"} | json')];

/** What the gateway hands on, and what its process takes. */
export const gatewayBehind: readonly Row[] = [
  {
    title: 'Handing on',
    panels: [
      timeseries({
        title: 'Lag by Output',
        description: 'Age of the oldest record that each output has not passed yet. 5 minutes alert.',
        width: 8,
        unit: 's',
        queries: [
          range(
            orZero(`max by (output, signal) (artel_gateway_output_lag_seconds{${of}})`, { output: 'none' }),
            '{{output}} {{signal}}',
          ),
        ],
        panelLinks: log,
      }),
      timeseries({
        title: 'Handed On',
        description: 'Records a second that each output has taken.',
        width: 8,
        unit: 'cps',
        queries: [
          range(
            orZero(rateBy('output, signal', 'artel_gateway_output_sent_total'), { output: 'none' }),
            '{{output}} {{signal}}',
          ),
        ],
      }),
      timeseries({
        title: 'Failures and Losses',
        description:
          'Requests a second that are tried again, and records a second that were given up. Losses have to be 0.',
        width: 8,
        unit: 'cps',
        queries: [
          range(
            orZero(rateBy('output', 'artel_gateway_output_failures_total'), { output: 'no output' }),
            'tried again: {{output}}',
          ),
          range(
            orZero(rateBy('output, reason', 'artel_gateway_output_dropped_total'), { output: 'no output' }),
            'given up: {{output}} {{reason}}',
          ),
          range(
            `sum(rate(artel_gateway_queue_dropped_total{${of}}[$__rate_interval]))`,
            'dropped from the full queue',
          ),
        ],
        panelLinks: log,
      }),
    ],
  },
  {
    title: 'Process',
    panels: [
      timeseries({
        title: 'CPU',
        description: 'Cores that each gateway uses; one is the most for the main thread.',
        width: 8,
        unit: 'none',
        decimals: 2,
        queries: [range(rateBy('instance', 'process_cpu_seconds_total'), '{{instance}}')],
      }),
      timeseries({
        title: 'Memory',
        description: 'Resident memory of each gateway.',
        width: 8,
        unit: 'bytes',
        queries: [range(`sum by (instance) (process_resident_memory_bytes{${of}})`, '{{instance}}')],
      }),
      timeseries({
        title: 'Event Loop Delay P99',
        description:
          'How long a callback waits, but for one of a hundred. From 0.5 s on the gateway sheds load.',
        width: 8,
        unit: 's',
        queries: [
          range(
            `max by (instance) (artel_gateway_event_loop_delay_seconds{${of},quantile="0.99"})`,
            '{{instance}}',
          ),
        ],
        thresholds: ['green', [0.5, 'red']],
      }),
      stat({
        title: 'Shared Redis',
        description:
          'Whether each gateway reaches the Redis in which several count together; the worst of them.',
        width: 4,
        height: 8,
        queries: [range(`min(artel_gateway_redis_up{${of}}) or on() vector(-1)`, 'Redis')],
        mappings: shared,
        thresholds: ['text', [0, 'red'], [1, 'green']],
        panelLinks: log,
      }),
      timeseries({
        title: 'Reloads',
        description: 'Readings of the configuration within an hour, by whether it was taken.',
        width: 10,
        queries: [
          range(`sum by (outcome) (increase(artel_gateway_config_reloads_total{${of}}[1h]))`, '{{outcome}}'),
        ],
        panelLinks: log,
      }),
      timeseries({
        title: 'Restarts',
        description: 'Starts of a gateway within an hour. What was acknowledged is not lost by one.',
        width: 10,
        queries: [
          range(`sum by (instance) (changes(process_start_time_seconds{${of}}[1h]))`, '{{instance}}'),
        ],
        panelLinks: log,
      }),
    ],
  },
];
