import type { Row } from '../board';
import { ofService } from '../links';
import { barGauge } from '../panels/barGauge';
import { timeseries } from '../panels/timeseries';
import { orZero, quantile } from '../promql';
import { instant, range, rangeWithTraces } from '../queries';

const of = 'environment=~"$environment",service=~"$service"';

/** What services lean on, and what their processes take. */
export const serviceInside: readonly Row[] = [
  {
    title: 'Dependencies',
    panels: [
      timeseries({
        title: 'Query Duration P95',
        description: 'What 95 % of the database queries stay below, by statement.',
        width: 8,
        unit: 's',
        queries: [
          rangeWithTraces(quantile(0.95, 'db_query_duration_seconds', of, ['query_type']), '{{query_type}}'),
        ],
      }),
      timeseries({
        title: 'Connection Pool',
        description:
          'Part of the database connections of a pool that is in use. 80 % alerts as DatabaseConnectionPool.',
        width: 8,
        unit: 'percentunit',
        max: 1,
        queries: [
          range(
            `max by (service, database) (db_connections_active{${of}} / db_connections_max{${of}})`,
            '{{service}} {{database}}',
          ),
        ],
        thresholds: ['green', [0.8, 'red']],
        links: ofService,
      }),
      timeseries({
        title: 'Cache Hits',
        description: 'Part of the keys asked for that were in the cache.',
        width: 8,
        unit: 'percentunit',
        max: 1,
        queries: [
          range(
            `sum by (service, cache_type) (rate(cache_hits_total{${of}}[$__rate_interval])) / (sum by (service, cache_type) (rate(cache_hits_total{${of}}[$__rate_interval])) + sum by (service, cache_type) (rate(cache_misses_total{${of}}[$__rate_interval])))`,
            '{{service}} {{cache_type}}',
          ),
        ],
        links: ofService,
      }),
      timeseries({
        title: 'Network Errors',
        description:
          'Calls of another server that failed because it was not reached, or the connection broke.',
        width: 12,
        unit: 'cps',
        queries: [
          range(
            orZero(
              `sum by (service, target, error_type) (rate(network_errors_total{${of}}[$__rate_interval]))`,
              { service: 'all', target: 'none' },
            ),
            '{{service}} → {{target}} {{error_type}}',
          ),
        ],
        links: ofService,
      }),
      timeseries({
        title: 'Broker Messages',
        description: 'Messages a second, published to the broker and consumed from it, by queue or exchange.',
        width: 12,
        unit: 'cps',
        queries: [
          range(
            orZero(
              `sum by (service, direction, queue) (rate(amqp_messages_total{${of}}[$__rate_interval]))`,
              { service: 'all', direction: 'none' },
            ),
            '{{service}} {{direction}} {{queue}}',
          ),
        ],
        links: ofService,
      }),
    ],
  },
  {
    title: 'Processes',
    panels: [
      timeseries({
        title: 'CPU',
        description: 'Cores that each process uses; Node runs JavaScript on one.',
        width: 8,
        unit: 'none',
        decimals: 2,
        queries: [
          range(
            `sum by (service, instance) (rate(process_cpu_seconds_total{job=~"artel-.+",${of}}[$__rate_interval]))`,
            '{{service}} {{instance}}',
          ),
        ],
        links: ofService,
      }),
      timeseries({
        title: 'Memory',
        description: 'Resident memory of each process.',
        width: 8,
        unit: 'bytes',
        queries: [range(`process_resident_memory_bytes{job=~"artel-.+",${of}}`, '{{service}} {{instance}}')],
        links: ofService,
      }),
      barGauge({
        title: 'Memory of Limit',
        description:
          'Memory that a process holds, of what its control group or machine lets it. 85 % alerts as HighMemoryUsage.',
        width: 8,
        unit: 'percentunit',
        max: 1,
        queries: [
          instant(
            `max by (service, instance) (memory_usage_bytes{${of}} / memory_limit_bytes{${of}})`,
            '{{service}} {{instance}}',
          ),
        ],
        thresholds: ['green', [0.7, 'orange'], [0.85, 'red']],
      }),
      timeseries({
        title: 'Event Loop Lag P99',
        description: 'How long a callback waits in Node at worst, but for one of a hundred.',
        width: 12,
        unit: 's',
        queries: [
          range(
            `max by (service, instance) (nodejs_eventloop_lag_p99_seconds{${of}})`,
            '{{service}} {{instance}}',
          ),
        ],
        links: ofService,
      }),
      timeseries({
        title: 'Restarts',
        description:
          'Starts of a process within the last hour; more than one or two outside of a deployment is a crash loop.',
        width: 12,
        unit: 'none',
        queries: [
          range(
            `sum by (service) (changes(process_start_time_seconds{job=~"artel-.+",${of}}[1h]))`,
            '{{service}}',
          ),
        ],
        links: ofService,
      }),
    ],
  },
];
