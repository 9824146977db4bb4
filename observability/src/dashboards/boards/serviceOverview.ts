import type { Board } from '../board';
import { failuresOfServices, ofService } from '../links';
import { health, upOrDown } from '../mappings';
import { logs } from '../panels/logs';
import { stat } from '../panels/stat';
import { states } from '../panels/states';
import { table } from '../panels/table';
import { timeseries } from '../panels/timeseries';
import { traceTable } from '../panels/traceTable';
import { quantile, ratio } from '../promql';
import { instant, range, rangeWithTraces } from '../queries';
import { serviceInside } from '../rows/serviceInside';
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
    ...serviceInside,
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
