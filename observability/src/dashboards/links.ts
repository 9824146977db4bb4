import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { sources } from './sources';

/** Encodes all of a text for a URL but `${…}`, which Grafana has to find in order to fill it in. */
function encodeAround(text: string): string {
  return text
    .split(/(\$\{[^}]+\})/)
    .map((part) => (part.startsWith(`\${`) ? part : encodeURIComponent(part)))
    .join('');
}

/** https://grafana.com/docs/grafana/latest/explore/get-started-with-explore/#share-explore-urls */
function exploreUrl(datasource: { readonly uid: string }, query: Readonly<Record<string, string>>): string {
  const pane = {
    datasource: datasource.uid,
    queries: [{ refId: 'A', datasource, ...query }],
    range: { from: `\${__from}`, to: `\${__to}` },
  };
  return `/explore?schemaVersion=1&panes=${encodeAround(JSON.stringify({ links: pane }))}`;
}

/** A link to the log lines that an expression of LogQL finds in the time that is shown. `${…}` in it is filled in. */
export function logsLink(title: string, expr: string): Builder<DashboardLink> {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url(exploreUrl(sources.loki, { expr, queryType: 'range' }))
    .targetBlank(true);
}

/** A link to the traces that an expression of TraceQL finds in the time that is shown. */
export function tracesLink(title: string, query: string): Builder<DashboardLink> {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url(exploreUrl(sources.tempo, { query, queryType: 'traceql' }))
    .targetBlank(true);
}

/** A link to another of our dashboards, with its time and variables. */
export function boardLink(title: string, uid: string): Builder<DashboardLink> {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url(`/d/${uid}`)
    .includeVars(true)
    .keepTime(true);
}

/** The way from one series of a service to its lines and traces. */
export const ofService = [
  logsLink('Logs of this service', `{service="\${__field.labels.service}"}`),
  tracesLink('Traces of this service', `{resource.service.name="\${__field.labels.service}"}`),
];

/** The way from any panel of the chosen services to their failures. */
export const failuresOfServices = [
  logsLink('Error logs', `{service=~"\${service:regex}", level=~"error|fatal"} | json`),
  tracesLink('Failed traces', `{resource.service.name=~"\${service:regex}" && status=error}`),
];

/** The way from a panel about pages to what they have logged. */
export const ofPages = [logsLink('Errors of pages', `{app=~"\${app:regex}", level="error"}`)];

/** The way from a panel about safety to what was noted of it. */
export const ofSecurity = [
  logsLink(
    'Security log',
    `{service=~"\${service:regex}", category="security"} | json | line_format "[{{.severity}}] {{or .event_type .message}} {{.details_reason}}"`,
  ),
];
