import type { Board } from '../board';
import { boardLink, logsLink, ofPages, tracesLink } from '../links';
import { logs } from '../panels/logs';
import { table } from '../panels/table';
import { timeseries } from '../panels/timeseries';
import { traceTable } from '../panels/traceTable';
import { orZero, quantile, ratio } from '../promql';
import { range, rangeWithTraces } from '../queries';
import { webVitals } from '../rows/webVitals';
import { app, environment, page, platform } from '../variables';

const of = 'environment=~"$environment",app=~"$app"';
const onPage = `${of},page=~"$page"`;
const ofTraces = [tracesLink('Traces of the app', `{resource.service.name=~"\${app:regex}"}`), ...ofPages];

/** What players meet in their browsers. */
export const frontend: Board = {
  name: 'frontend',
  audience: 'Services',
  title: 'Frontend',
  description: 'How fast is the app on players’ devices, what breaks there, and does its telemetry arrive?',
  from: 'now-6h',
  variables: [environment, app, platform, page],
  rows: [
    webVitals,
    {
      title: 'Loading and calls',
      panels: [
        timeseries({
          title: 'Page Load P95',
          description: 'From navigation to the end of the load event, by page.',
          width: 8,
          unit: 'ms',
          queries: [range(quantile(0.95, 'page_load_duration_ms', onPage, ['page']), '{{page}}')],
          thresholds: ['green', [3_000, 'orange']],
        }),
        timeseries({
          title: 'Page Loads',
          description: 'Pages loaded a second, by page.',
          width: 8,
          unit: 'cps',
          queries: [
            range(
              orZero(`sum by (page) (rate(page_load_duration_ms_count{${onPage}}[$__rate_interval]))`, {
                page: 'none',
              }),
              '{{page}}',
            ),
          ],
        }),
        timeseries({
          title: 'API Calls P95',
          description:
            'Duration of requests as pages saw it, network included, by endpoint. Diamonds lead to the trace.',
          width: 8,
          unit: 'ms',
          queries: [
            rangeWithTraces(quantile(0.95, 'api_request_duration_ms', of, ['endpoint']), '{{endpoint}}'),
          ],
          panelLinks: ofTraces,
        }),
        timeseries({
          title: 'API Failures',
          description: 'Share of the calls that pages saw fail: 5xx, or no answer (timeout, network).',
          width: 8,
          unit: 'percentunit',
          queries: [
            range(
              orZero(
                ratio(
                  `sum by (endpoint) (rate(api_request_duration_ms_count{${of},status_code=~"5..|0|network|timeout"}[$__rate_interval]))`,
                  `sum by (endpoint) (rate(api_request_duration_ms_count{${of}}[$__rate_interval]))`,
                ),
                { endpoint: 'none' },
              ),
              '{{endpoint}}',
            ),
          ],
          panelLinks: ofTraces,
        }),
        table({
          title: 'API Endpoints',
          description: 'Calls in the time shown by endpoint, method and status, with their p95.',
          width: 16,
          labels: { endpoint: 'Endpoint', method: 'Method', status_code: 'Status' },
          columns: [
            {
              name: 'Calls',
              unit: 'short',
              expr: `topk(30, sum by (endpoint, method, status_code) (increase(api_request_duration_ms_count{${of}}[$__range])))`,
            },
            {
              name: 'p95',
              unit: 'ms',
              thresholds: ['green', [1_000, 'orange'], [2_500, 'red']],
              expr: `histogram_quantile(0.95, sum by (endpoint, method, status_code, le) (increase(api_request_duration_ms_bucket{${of}}[$__range]))) >= 0`,
            },
          ],
        }),
      ],
    },
    {
      title: 'Errors',
      panels: [
        timeseries({
          title: 'Errors',
          description: 'Errors caught in pages, a second, by type.',
          width: 8,
          unit: 'cps',
          queries: [
            range(
              orZero(`sum by (error_type) (rate(frontend_error_total{${onPage}}[$__rate_interval]))`, {
                error_type: 'none',
              }),
              '{{error_type}}',
            ),
          ],
          panelLinks: ofPages,
        }),
        timeseries({
          title: 'Errors per Page Load',
          description: 'Errors for each page load, by page: comparable at noon and at night.',
          width: 8,
          unit: 'none',
          decimals: 2,
          queries: [
            range(
              orZero(
                ratio(
                  `sum by (page) (rate(frontend_error_total{${onPage}}[$__rate_interval]))`,
                  `sum by (page) (rate(page_load_duration_ms_count{${onPage}}[$__rate_interval]))`,
                ),
                { page: 'none' },
              ),
              '{{page}}',
            ),
          ],
          panelLinks: ofPages,
        }),
        timeseries({
          title: 'What Players Do',
          description: 'Actions a second as pages report them: whether errors keep players from playing.',
          width: 8,
          unit: 'cps',
          queries: [
            range(
              orZero(`sum by (action) (rate(user_action_total{${onPage}}[$__rate_interval]))`, {
                action: 'none',
              }),
              '{{action}}',
            ),
          ],
        }),
        logs({
          title: 'Recent Errors of Pages',
          description: 'The newest errors with their stacks, as pages reported them.',
          width: 14,
          expr: '{app=~"$app", level="error"}',
        }),
        traceTable({
          title: 'Slow and Failed Traces',
          description: 'The newest traces that began on a page and failed, or took longer than two seconds.',
          width: 10,
          query: '{resource.service.name=~"$app" && (status=error || duration>2s)}',
        }),
      ],
    },
    {
      title: 'Delivery',
      panels: [
        timeseries({
          title: 'Events Given Up',
          description:
            'Events that clients gave up before they could be delivered, a second, by reason. 0 is as it should be.',
          width: 8,
          unit: 'cps',
          queries: [
            range(
              orZero(`sum by (reason) (rate(telemetry_dropped_total{${of}}[$__rate_interval]))`, {
                reason: 'none',
              }),
              '{{reason}}',
            ),
          ],
          panelLinks: [boardLink('Gateway', 'artel-gateway')],
        }),
        timeseries({
          title: 'Batches Taken and Refused',
          description:
            'Batches a second at the gateway by what came of them. Duplicates are retries that had arrived before.',
          width: 8,
          unit: 'cps',
          queries: [
            range(
              'sum by (outcome) (rate(artel_gateway_batches_total{environment=~"$environment"}[$__rate_interval]))',
              '{{outcome}}',
            ),
          ],
          panelLinks: [boardLink('Gateway', 'artel-gateway')],
        }),
        timeseries({
          title: 'Late and Skewed',
          description:
            'Points that came more than 15 days late, and batches whose clock was wrong by more than a minute, a second.',
          width: 8,
          unit: 'cps',
          queries: [
            range(
              'sum(rate(artel_gateway_late_total{environment=~"$environment"}[$__rate_interval]))',
              'late',
            ),
            range(
              'sum(rate(artel_gateway_skewed_batches_total{environment=~"$environment"}[$__rate_interval]))',
              'skewed',
            ),
          ],
          panelLinks: [logsLink('Gateway log', '{service="gateway"} | json')],
        }),
      ],
    },
  ],
};
