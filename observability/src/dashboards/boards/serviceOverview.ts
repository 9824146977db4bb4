import type { Board } from '../board';
import { failuresOfServices, ofService } from '../links';
import { health, upOrDown } from '../mappings';
import { barGauge } from '../panels/barGauge';
import { logs } from '../panels/logs';
import { stat } from '../panels/stat';
import { states } from '../panels/states';
import { table } from '../panels/table';
import { timeseries } from '../panels/timeseries';
import { traceTable } from '../panels/traceTable';
import { orZero, quantile, ratio } from '../promql';
import { instant, range, rangeWithTraces } from '../queries';
import { environment, ownService } from '../variables';

const of = 'environment=~"$environment",service=~"$service"';
const errors = ',status_code=~"5.."';
const requests = (by: string, more = '') =>
  `sum by (${by}) (rate(http_requests_total{${of}${more}}[$__rate_interval]))`;
const requestsInRange = (by: string, more = '') =>
  `sum by (${by}) (increase(http_requests_total{${of}${more}}[$__range]))`;
const route = 'service, method, endpoint';

/** How the services do. */
export const serviceOverview: Board = {
  name: 'service-overview',
  audience: 'Services',
  title: 'Service Overview',
  description: 'Do the services answer, fast and without errors? If not: which endpoint, which dependency?',
  from: 'now-1h',
  variables: [environment, ownService],
  rows: [
    {
      title: 'Health',
      panels: [
        stat({
          title: 'Service Health',
          description:
            'Whether Prometheus reaches each process of ours. DOWN for a minute alerts as ServiceDown.',
          width: 8,
          queries: [instant('up{job=~"artel-.+",environment=~"$environment"}', '{{service}} {{instance}}')],
          mappings: upOrDown,
          thresholds: ['red', [1, 'green']],
          links: ofService,
        }),
        stat({
          title: 'Requests',
          description: 'HTTP requests a second, of all chosen services together.',
          width: 4,
          unit: 'reqps',
          queries: [range(`sum(rate(http_requests_total{${of}}[$__rate_interval]))`, 'requests')],
        }),
        stat({
          title: 'Errors',
          description:
            'Part of the requests in the time shown that was answered with 5xx. 5 % alerts as HighErrorRate.',
          width: 4,
          unit: 'percentunit',
          decimals: 2,
          queries: [
            instant(
              ratio(
                `sum(increase(http_requests_total{${of}${errors}}[$__range]))`,
                `sum(increase(http_requests_total{${of}}[$__range]))`,
              ),
              'errors',
            ),
          ],
          thresholds: ['green', [0.001, 'orange'], [0.05, 'red']],
          panelLinks: failuresOfServices,
        }),
        stat({
          title: 'Active Game Sessions',
          description: 'Games that are being played now, by type.',
          width: 5,
          queries: [range(`sum by (game_type) (active_game_sessions_total{${of}})`, '{{game_type}}')],
        }),
        stat({
          title: 'WebSockets',
          description: 'Open WebSocket connections: tables that are watched live.',
          width: 3,
          queries: [range(`sum(websocket_connections_active{${of}})`, 'connections')],
        }),
        states({
          title: 'Health Checks',
          description: 'What each health check said when it was last asked, by service.',
          width: 24,
          height: 7,
          min: 0,
          max: 1,
          queries: [range(`min by (service, check) (health_check_status{${of}})`, '{{service}} {{check}}')],
          mappings: health,
          thresholds: ['red', [0.5, 'orange'], [1, 'green']],
          links: ofService,
        }),
      ],
    },
    {
      title: 'Traffic',
      panels: [
        timeseries({
          title: 'Request Rate',
          description:
            'HTTP requests a second by service. Points lead to the logs and traces of the service.',
          width: 12,
          unit: 'reqps',
          queries: [range(requests('service'), '{{service}}')],
          links: ofService,
        }),
        timeseries({
          title: 'Error Rate',
          description:
            'Part of the requests answered with 5xx by service, each summed before it is divided. 0 where nothing was asked. 5 % alerts.',
          width: 12,
          unit: 'percentunit',
          queries: [range(ratio(requests('service', errors), requests('service')), '{{service}}')],
          thresholds: ['green', [0.05, 'red']],
          links: ofService,
          panelLinks: failuresOfServices,
        }),
        timeseries({
          title: 'Response Time P95',
          description:
            'What 95 % of the requests stay below, by service. Diamonds are exemplars: they lead to the trace. 1 s alerts as HighResponseTime.',
          width: 12,
          unit: 's',
          queries: [
            rangeWithTraces(quantile(0.95, 'http_request_duration_seconds', of, ['service']), '{{service}}'),
          ],
          thresholds: ['green', [1, 'red']],
          links: ofService,
        }),
        timeseries({
          title: 'Response Time, All Services',
          description: 'Median, 95th and 99th percentile of all chosen services together.',
          width: 12,
          unit: 's',
          queries: [0.5, 0.95, 0.99].map((q) =>
            range(quantile(q, 'http_request_duration_seconds', of), `p${q * 100}`),
          ),
        }),
        timeseries({
          title: 'Answers by Status',
          description: 'HTTP requests a second by status code. 499 is a client that went away.',
          width: 12,
          unit: 'reqps',
          stacked: true,
          queries: [range(requests('status_code'), '{{status_code}}')],
        }),
        table({
          title: 'Endpoints',
          description:
            'The twenty endpoints with the most requests in the time shown, with their errors and p95.',
          width: 12,
          labels: { service: 'Service', method: 'Method', endpoint: 'Endpoint' },
          columns: [
            { name: 'Requests', unit: 'short', expr: `topk(20, ${requestsInRange(route)})` },
            {
              name: 'Errors',
              unit: 'percentunit',
              thresholds: ['green', [0.001, 'orange'], [0.05, 'red']],
              expr: `(${ratio(requestsInRange(route, errors), requestsInRange(route))}) and topk(20, ${requestsInRange(route)})`,
            },
            {
              name: 'p95',
              unit: 's',
              thresholds: ['green', [1, 'red']],
              expr: `histogram_quantile(0.95, sum by (${route}, le) (increase(http_request_duration_seconds_bucket{${of}}[$__range]))) >= 0 and topk(20, ${requestsInRange(route)})`,
            },
          ],
        }),
      ],
    },
    {
      title: 'Dependencies',
      panels: [
        timeseries({
          title: 'Query Duration P95',
          description: 'What 95 % of the database queries stay below, by statement.',
          width: 8,
          unit: 's',
          queries: [
            rangeWithTraces(
              quantile(0.95, 'db_query_duration_seconds', of, ['query_type']),
              '{{query_type}}',
            ),
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
          description:
            'Messages a second, published to the broker and consumed from it, by queue or exchange.',
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
          queries: [
            range(`process_resident_memory_bytes{job=~"artel-.+",${of}}`, '{{service}} {{instance}}'),
          ],
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
    {
      title: 'Logs and traces',
      panels: [
        logs({
          title: 'Recent Error Logs',
          description: 'The newest lines of level error and fatal of the chosen services.',
          width: 14,
          expr: '{service=~"$service", level=~"error|fatal"} | json | line_format "[{{.level}}] {{.service}}: {{or .message .msg __line__}} {{.error}}"',
        }),
        traceTable({
          title: 'Slow and Failed Traces',
          description: 'The newest traces of the chosen services that failed or took longer than a second.',
          width: 10,
          query: '{resource.service.name=~"$service" && (status=error || duration>1s)}',
        }),
      ],
    },
  ],
};
