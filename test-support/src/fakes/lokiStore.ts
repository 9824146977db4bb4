import { stringify } from 'yaml';
import { type HttpFake, need, needOnly, startHttpFake } from './httpFake';
import { demandsSomething, type Matcher, readSelector, selects } from './matchers';

/** A line that Loki has. */
export interface LokiLine {
  readonly labels: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly line: string;
  /** Unix ms. */
  readonly at: number;
}

interface Request {
  readonly id: string;
  readonly query: string;
  readonly from: number;
  readonly to: number;
  status: string;
}

export interface LokiFake extends HttpFake {
  readonly requests: readonly Request[];
  readonly lines: readonly LokiLine[];
  /** What the compactor does once the time to cancel is over. */
  compact(): void;
  /** A deletion that it was asked for on another day. */
  asked(query: string, from: number, to: number): void;
  /** Refuses this many deletions with a 500. */
  refuse(times: number): void;
}

const DAY = 86_400_000;

/** As `time.Parse(time.RFC3339)`, or Unix seconds of ten digits: the rest Loki refuses. */
function readTime(text: string | null, name: string): number {
  need(text !== null, `${name} time not set`);
  if (/^\d{10}$/.test(text)) return Number(text) * 1_000;
  need(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text),
    `invalid ${name} time: require unix seconds or RFC3339 format`,
  );
  return Date.parse(text);
}

interface Query {
  readonly matchers: readonly Matcher[];
  readonly keeps: (line: LokiLine) => boolean;
}

/** A selector, and what of LogQL erasure needs: one filter of metadata, or one of the line. */
function readQuery(text: string): Query {
  const found = /^(\{.*?\})(?: \| (\w+)=~("(?:[^"\\]|\\.)*")| \|~ ("(?:[^"\\]|\\.)*"))?$/s.exec(text);
  need(found !== null, `parse error: ${text}`);
  const [, selector = '', label, metadata, line] = found;
  const matchers = readSelector(selector);
  need(demandsSomething(matchers), 'queries require at least one regexp or equality matcher');
  const pattern = (quoted: string): string => String(JSON.parse(quoted));
  return {
    matchers,
    keeps: (one) => {
      if (label !== undefined && metadata !== undefined)
        return new RegExp(`^(?:${pattern(metadata)})$`).test(one.metadata?.[label] ?? '');
      return line === undefined || new RegExp(pattern(line)).test(one.line);
    },
  };
}

/**
 * A Loki that keeps lines in memory and speaks `/config`, `/loki/api/v1/index/stats` and the deletion API by the letter.
 * https://grafana.com/docs/loki/latest/reference/loki-http-api/
 */
export async function startLokiFake(
  config: unknown,
  given: readonly LokiLine[],
  orgId?: string,
): Promise<LokiFake> {
  let lines = [...given];
  let refusals = 0;
  const requests: Request[] = [];
  const fake = await startHttpFake(({ method, path, query, headers, body }) => {
    need(orgId === undefined || headers['x-scope-orgid'] === orgId, 'no org id', 401);
    need(body === '', 'the parameters are read from the query alone');
    if (path === '/config' && method === 'GET') return { status: 200, body: stringify(config) };
    if (path === '/loki/api/v1/index/stats' && method === 'GET') {
      needOnly(query, ['query', 'start', 'end']);
      const [start, end] = [query.get('start') ?? '', query.get('end') ?? ''];
      need(/^\d{19}$/.test(start) && /^\d{19}$/.test(end), 'start and end are Unix times in ns');
      const [from, to] = [Number(start.slice(0, -6)), Number(end.slice(0, -6))];
      need(to - from <= 721 * 3_600_000, 'the query time range exceeds the limit (query length: 30d1h)');
      const matchers = readSelector(query.get('query') ?? '');
      need(demandsSomething(matchers), 'queries require at least one regexp or equality matcher');
      const found = lines.filter(({ at, labels }) => at >= from && at < to && selects(matchers, labels));
      const streams = new Set(found.map(({ labels }) => JSON.stringify(labels))).size;
      const bytes = found.reduce((sum, { line }) => sum + line.length, 0);
      return {
        status: 200,
        body: JSON.stringify({ streams, chunks: streams, entries: found.length, bytes }),
      };
    }
    need(path === '/loki/api/v1/delete', `404 page not found: ${path}`, 404);
    if (method === 'GET') {
      needOnly(query, []);
      // Times are in seconds with three decimals, as the model of Prometheus has them.
      const shown = requests.map(({ id, query: text, from, to, status }) => ({
        request_id: id,
        start_time: from / 1_000,
        end_time: to / 1_000,
        query: text,
        status,
        created_at: Date.now() / 1_000,
      }));
      return { status: 200, body: JSON.stringify(shown) };
    }
    if (method === 'DELETE') {
      needOnly(query, ['request_id', 'force']);
      const at = requests.findIndex(({ id }) => id === query.get('request_id'));
      need(at >= 0, 'could not find delete request with given id', 404);
      need(requests[at]?.status === 'received', 'deletion of request which is in process is not allowed');
      requests.splice(at, 1);
      return { status: 204 };
    }
    need(method === 'POST', 'method not allowed', 405);
    needOnly(query, ['query', 'start', 'end', 'max_interval']);
    const text = query.get('query') ?? '';
    need(text !== '', 'query not set');
    readQuery(text);
    const [from, to] = [readTime(query.get('start'), 'start'), readTime(query.get('end'), 'end')];
    need(to <= Date.now(), 'deletes in the future are not allowed');
    need(from <= to, "start time can't be greater than end time");
    if (refusals > 0) {
      refusals--;
      return { status: 500, body: 'the store of delete requests is not ready' };
    }
    const id = (0x1000_0000 + requests.length * 7_919).toString(16);
    requests.push({ id, query: text, from, to, status: 'received' });
    return { status: 204 };
  });
  return {
    ...fake,
    requests,
    get lines() {
      return lines;
    },
    asked(query, from, to) {
      requests.push({ id: `earlier${requests.length}`, query, from, to, status: 'received' });
    },
    refuse(times) {
      refusals = times;
    },
    compact() {
      for (const request of requests) {
        const { matchers, keeps } = readQuery(request.query);
        lines = lines.filter(
          (one) =>
            one.at < request.from || one.at > request.to || !selects(matchers, one.labels) || !keeps(one),
        );
        request.status = 'processed';
      }
    },
  };
}

/** Lines of one stream, one a day. */
export function linesOf(
  labels: Readonly<Record<string, string>>,
  ages: readonly number[],
  now = Date.now(),
): readonly LokiLine[] {
  return ages.map((days) => ({ labels, line: `of ${days} days ago`, at: now - days * DAY }));
}
