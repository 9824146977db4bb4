import { cleanText } from '@artel/telemetry-protocol/scrub';
import type { LokiConfig } from './outputsConfig';

/** What one Loki is asked to delete. */
export interface LokiDeletion {
  /** Name of the output. */
  readonly output: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** The selector: streams, and the pseudonyms in their structured metadata. */
  readonly query: string;
}

export interface LokiDeletionOptions {
  /** The tenant's app and environment; without them, as with the default tenant, all streams are looked through. */
  readonly app?: string | undefined;
  readonly environment?: string | undefined;
  readonly pseudonyms: ReadonlySet<string>;
  /** Unix time in ms: the window of what is deleted. */
  readonly from: number;
  readonly to: number;
}

/** https://grafana.com/docs/loki/latest/query/log_queries/#log-stream-selector: as in Go, whose strings JSON's are. */
function selectorOf({ app, environment, pseudonyms }: LokiDeletionOptions): string {
  const matchers = [
    app === undefined ? 'app=~".+"' : `app=${JSON.stringify(app)}`,
    ...(environment === undefined ? [] : [`environment=${JSON.stringify(environment)}`]),
  ];
  // They are hex: nothing in them means anything to a regular expression.
  return `{${matchers.join(', ')}} | user=~"${[...pseudonyms].join('|')}"`;
}

/** Where the push path stands in an output's URL, the deletion's stands beside it: a proxy's prefix stays. */
function deleteUrl(base: string, query: string, { from, to }: LokiDeletionOptions): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/(?:loki\/api\/v1\/push\/?)?$/, '')}/loki/api/v1/delete`;
  // Loki takes Unix seconds for what they are where they have ten digits, and refuses a plain 0.
  const seconds = (ms: number): string => String(Math.floor(ms / 1_000)).padStart(10, '0');
  url.search = new URLSearchParams({
    query,
    start: seconds(from),
    // Loki takes no deletion of what is yet to come.
    end: seconds(to),
  }).toString();
  return url.href;
}

/**
 * The deletion request of a user's lines at one Loki. Its compactor does it, once the time to cancel is over (24 h):
 * https://grafana.com/docs/loki/latest/operations/storage/logs-deletion/
 */
export function lokiDeletion(
  output: string,
  config: Pick<LokiConfig, 'url' | 'orgId' | 'headers' | 'timeoutSeconds'>,
  options: LokiDeletionOptions,
): LokiDeletion {
  const query = selectorOf(options);
  return {
    output,
    query,
    url: deleteUrl(config.url, query, options),
    headers: {
      ...config.headers,
      ...(config.orgId === undefined ? {} : { 'X-Scope-OrgID': config.orgId }),
    },
    timeoutMs: config.timeoutSeconds * 1_000,
  };
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The request as a command for a shell. Of the headers only the tenant's id is shown; others may be secrets. */
export function asCurl({ url, headers }: LokiDeletion): string {
  const shown = Object.entries(headers).map(([name, value]) =>
    name.toLowerCase() === 'x-scope-orgid'
      ? `-H ${quoted(`${name}: ${value}`)}`
      : `-H "${name}: $${name.toUpperCase().replace(/\W/g, '_')}"`,
  );
  return ['curl --fail-with-body -X POST', ...shown, quoted(url)].join(' ');
}

/** Sends it. Answers what went wrong, or `undefined` where Loki has taken it. Never rejects. */
export async function sendDeletion({ url, headers, timeoutMs }: LokiDeletion): Promise<string | undefined> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { method: 'POST', headers, redirect: 'manual', signal: deadline });
    const text = (await response.text()).trim();
    if (response.ok) return undefined;
    const hint =
      response.status === 403 || response.status === 404
        ? '; deletion needs the compactor, with retention_enabled and deletion_mode filter-and-delete'
        : '';
    return `${response.status} ${cleanText(text, 300)}${hint}`.trim();
  } catch (error) {
    if (deadline.aborted) return `no answer within ${timeoutMs} ms`;
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const first = cause instanceof AggregateError ? cause.errors[0] : cause;
    return cleanText(first instanceof Error ? first.message : String(first), 300);
  }
}
