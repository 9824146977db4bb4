import type { Board } from '../board';
import { ofSecurity, ofService } from '../links';
import { logs } from '../panels/logs';
import { stat } from '../panels/stat';
import { table } from '../panels/table';
import { timeseries } from '../panels/timeseries';
import { grown, orZero, ratio } from '../promql';
import { instant, range } from '../queries';
import { environment, httpService } from '../variables';

const of = 'environment=~"$environment",service=~"$service"';
const gateway = 'job="artel-gateway",environment=~"$environment"';
const refused = ',status_code=~"401|403|429"';
const inRange = (metric: string, more = '') => orZero(`sum(${grown(`${metric}{${of}${more}}`, '$__range')})`);

/** Who tries what they may not. */
export const security: Board = {
  name: 'security',
  audience: 'Security',
  title: 'Security',
  description: 'Does somebody guess passwords, forge launches or keys, or ask for more than is allowed?',
  from: 'now-6h',
  variables: [environment, httpService],
  rows: [
    {
      title: 'In the time shown',
      panels: [
        stat({
          title: 'Failed Sign-ins',
          description: 'Sign-ins and tokens that services refused.',
          width: 6,
          decimals: 0,
          queries: [instant(inRange('auth_failures_total'), 'failures')],
          thresholds: ['green', [20, 'orange'], [100, 'red']],
          panelLinks: ofSecurity,
        }),
        stat({
          title: 'Attacks Found',
          description: 'Security events of high and critical severity, such as brute force.',
          width: 6,
          decimals: 0,
          queries: [instant(inRange('security_events_total', ',severity=~"high|critical"'), 'events')],
          thresholds: ['green', [1, 'red']],
          panelLinks: ofSecurity,
        }),
        stat({
          title: 'Refused Requests',
          description: 'Requests that services answered with 401, 403 or 429.',
          width: 6,
          decimals: 0,
          queries: [instant(inRange('http_requests_total', refused), 'requests')],
        }),
        stat({
          title: 'Refused Batches',
          description: 'Batches that the gateway refused for their key, token, origin or rate.',
          width: 6,
          decimals: 0,
          queries: [
            instant(
              `sum(increase(artel_gateway_batches_refused_total{${gateway},reason=~"key|token|origin|rate_limited"}[$__range]))`,
              'batches',
            ),
          ],
        }),
      ],
    },
    {
      title: 'Services',
      panels: [
        timeseries({
          title: 'Failed Sign-ins by Reason',
          description:
            'Sign-ins and tokens that were refused within five minutes, by reason. 10 alert as HighAuthFailureRate.',
          width: 12,
          decimals: 0,
          queries: [
            range(
              orZero(`sum by (service, reason) (service:auth_failures:increase5m{${of}})`, {
                reason: 'none',
              }),
              '{{service}} {{reason}}',
            ),
          ],
          links: ofService,
          panelLinks: ofSecurity,
        }),
        timeseries({
          title: 'Security Events',
          description: 'What the services took for an attack within five minutes, by type and severity.',
          width: 12,
          decimals: 0,
          queries: [
            range(
              orZero(`sum by (event_type, severity) (service:security_events:increase5m{${of}})`, {
                event_type: 'none',
              }),
              '{{event_type}} {{severity}}',
            ),
          ],
          panelLinks: ofSecurity,
        }),
        timeseries({
          title: 'Refused Part of Requests',
          description: 'Part of the requests answered with 401, 403 or 429, by service.',
          width: 12,
          unit: 'percentunit',
          queries: [
            range(
              ratio(
                `sum by (service) (rate(http_requests_total{${of}${refused}}[$__rate_interval]))`,
                `sum by (service) (rate(http_requests_total{${of}}[$__rate_interval]))`,
              ),
              '{{service}}',
            ),
          ],
          links: ofService,
        }),
        table({
          title: 'Most Refused Endpoints',
          description: 'Endpoints by how many requests they answered with 401, 403 or 429 in the time shown.',
          width: 12,
          labels: { service: 'Service', method: 'Method', endpoint: 'Endpoint', status_code: 'Status' },
          columns: [
            {
              name: 'Refused',
              unit: 'short',
              expr: `topk(20, sum by (service, method, endpoint, status_code) (increase(http_requests_total{${of}${refused}}[$__range])) > 0) or on() vector(0)`,
            },
          ],
        }),
      ],
    },
    {
      title: 'Gateway',
      panels: [
        timeseries({
          title: 'Sign-ins with Telegram',
          description:
            'Launches that were exchanged for a token, a second, by what came of them. Forged and replayed ones are attacks; stale ones are pages left open.',
          width: 8,
          unit: 'cps',
          queries: [
            range(
              orZero(`sum by (outcome) (rate(artel_gateway_sign_ins_total{${gateway}}[$__rate_interval]))`, {
                outcome: 'none',
              }),
              '{{outcome}}',
            ),
          ],
        }),
        timeseries({
          title: 'Refused Batches by Reason',
          description: 'Batches of which nothing was kept, a second, by reason.',
          width: 8,
          unit: 'cps',
          queries: [
            range(
              `sum by (reason) (rate(artel_gateway_batches_refused_total{${gateway}}[$__rate_interval]))`,
              '{{reason}}',
            ),
          ],
        }),
        timeseries({
          title: 'Rate Limits Hit',
          description:
            'Requests a second beyond what a tenant, its anonymous senders, a producer or an address may send.',
          width: 8,
          unit: 'cps',
          queries: [
            range(
              `sum by (scope) (rate(artel_gateway_rate_limited_total{${gateway}}[$__rate_interval]))`,
              '{{scope}}',
            ),
          ],
        }),
        timeseries({
          title: 'Sentry Tunnel',
          description:
            'Envelopes a second by what came of them. Refused ones name a project that is not ours.',
          width: 12,
          unit: 'cps',
          queries: [
            range(
              orZero(
                `sum by (outcome) (rate(artel_gateway_sentry_envelopes_total{${gateway}}[$__rate_interval]))`,
                {
                  outcome: 'none',
                },
              ),
              '{{outcome}}',
            ),
          ],
        }),
        timeseries({
          title: 'Batches without a Session',
          description: 'Part of the counted batches whose sender had no session token, by tenant.',
          width: 12,
          unit: 'percentunit',
          max: 1,
          queries: [
            range(
              orZero(
                ratio(
                  `sum by (tenant) (rate(artel_gateway_tenant_batches_total{${gateway},tier="anonymous"}[$__rate_interval]))`,
                  `sum by (tenant) (rate(artel_gateway_tenant_batches_total{${gateway}}[$__rate_interval]))`,
                ),
                { tenant: 'none' },
              ),
              '{{tenant}}',
            ),
          ],
        }),
      ],
    },
    {
      title: 'Log',
      panels: [
        logs({
          title: 'Security Log',
          description: 'The newest lines about failed sign-ins and attacks. Addresses are keyed hashes.',
          width: 24,
          expr: '{service=~"$service", category="security"} | json | line_format "[{{.severity}}] {{or .event_type .message}} {{.details_reason}}"',
        }),
      ],
    },
  ],
};
