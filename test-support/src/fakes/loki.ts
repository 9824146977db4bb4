import { stringify } from 'yaml';
import {
  createFakeEnd,
  type FakeAnswer,
  type FakeEnd,
  type FakeRequest,
  goError,
  need,
  needOnly,
} from './fakeEnd';
import { type LokiLine, readPushBody, sortByTime, streamOf } from './lokiPush';
import { demandsSomething, type Matcher, readSelector, selects } from './matchers';

export type { LokiLine } from './lokiPush';

/** A deletion that Loki was asked for. */
interface Deletion {
  readonly id: string;
  readonly query: string;
  /** Unix ms. */
  readonly from: number;
  readonly to: number;
  status: string;
}

export interface LokiFake extends FakeEnd {
  /** What is stored, in the order of its arrival. A line that came twice stands once. */
  readonly lines: readonly LokiLine[];
  /** Lines that came again, and that Loki told from new ones. */
  readonly duplicates: number;
  readonly deletions: readonly Deletion[];
  /** Does what the compactor does once the time to cancel is over. */
  compact(): void;
  /** Adds a deletion that it was asked for on another day; times in Unix ms. */
  asked(query: string, from: number, to: number): void;
  /** Refuses this many deletions with a 500. */
  failDeletions(times: number): void;
}

interface LokiFakeOptions {
  /** What `/config` shows. */
  readonly config?: unknown;
  /** What it has already. */
  readonly lines?: readonly LokiLine[];
  /** Loki with `auth_enabled`: each request must name this tenant. */
  readonly orgId?: string;
  /** A proxy before Loki wants this token, and adds this to the paths. */
  readonly proxy?: { readonly token: string; readonly prefix: string };
  /** A line for which the whole request is refused with 400, none of it kept. */
  readonly poison?: (line: LokiLine) => boolean;
  /** Limits that are exceeded for ever: bytes a second, with the burst in bytes, and streams of a tenant. */
  readonly limits?: { readonly rate?: number; readonly burst?: number; readonly streams?: number };
  /** Unix time in ms. */
  readonly now?: () => number;
}

/** Reads a time as `time.Parse(time.RFC3339)` does, or Unix seconds of ten digits: the rest Loki refuses. */
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

/** Reads a selector, and what of LogQL erasure needs: one filter of metadata, or one of the line. */
function readQuery(text: string): Query {
  const found = /^(\{.*?\})(?: \| json| \| (\w+)=~("(?:[^"\\]|\\.)*")| \|~ ("(?:[^"\\]|\\.)*"))?$/s.exec(
    text,
  );
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

const MS = 1_000_000n;
const json = (value: unknown, type: string): FakeAnswer => ({
  status: 200,
  body: `${JSON.stringify(value)}\n`,
  headers: { 'content-type': type },
});

/**
 * A Loki that keeps lines in memory: it takes pushes and deletions, and shows its configuration and its index's figures. It
 * takes what a real one takes and refuses what that refuses, in its words; recordings.test.ts holds it to them.
 * https://grafana.com/docs/loki/latest/reference/loki-http-api/
 */
export async function createLokiFake({
  config = {},
  lines: given = [],
  orgId,
  proxy,
  poison,
  limits = {},
  now = Date.now,
}: LokiFakeOptions = {}): Promise<LokiFake> {
  let lines = [...given];
  const idOf = ({ labels, nanos, line }: LokiLine) => `${streamOf(labels)} ${nanos} ${line}`;
  const known = new Set(lines.map(idOf));
  const newest = new Map<string, bigint>();
  const deletions: Deletion[] = [];
  const tenant = orgId ?? 'fake';
  let duplicates = 0;
  let failures = 0;

  function checkRate(pushed: readonly LokiLine[]): FakeAnswer | undefined {
    const bytes = pushed.reduce((sum, { line }) => sum + Buffer.byteLength(line), 0);
    const please = 'contact your Loki administrator to see if the limit can be increased';
    if (limits.burst !== undefined && bytes > limits.burst) {
      const limit = `Ingestion rate limit exceeded for user ${tenant} (limit: ${limits.rate} bytes/sec)`;
      const tried = `while attempting to ingest '${pushed.length}' lines totaling '${bytes}' bytes`;
      return goError(`${limit} ${tried}, reduce log volume or ${please}`, 429);
    }
    const streams = [...new Set([...newest.keys(), ...pushed.map(({ labels }) => streamOf(labels))])];
    if (limits.streams === undefined || streams.length <= limits.streams) return undefined;
    const text = `Maximum active stream limit exceeded when trying to create stream ${streams.at(-1)}`;
    const advice = `reduce the number of active streams (reduce labels or reduce label values), or ${please}`;
    return goError(`${text}, ${advice}, user: '${tenant}'`, 429);
  }

  function push({ method, headers, body }: FakeRequest): FakeAnswer {
    need(method === 'POST', 'method not allowed', 405);
    need(headers['content-type'] === 'application/json', `content-type: ${headers['content-type']}`);
    const pushed = readPushBody(body);
    if (poison && pushed.some(poison)) return goError('loghttp.PushRequest.Streams: poison', 400);
    const refused = checkRate(pushed);
    if (refused) return refused;
    const { kept, complaint } = sortByTime(pushed, { now: BigInt(now()) * MS, newest, tenant });
    for (const one of kept) {
      if (known.has(idOf(one))) duplicates++;
      else {
        known.add(idOf(one));
        lines.push(one);
      }
      const stream = streamOf(one.labels);
      if (one.nanos > (newest.get(stream) ?? 0n)) newest.set(stream, one.nanos);
    }
    return complaint === undefined ? { status: 204 } : goError(complaint, 400);
  }

  function stats({ query }: FakeRequest): FakeAnswer {
    needOnly(query, ['query', 'start', 'end']);
    const [start, end] = [query.get('start') ?? '', query.get('end') ?? ''];
    need(/^\d{19}$/.test(start) && /^\d{19}$/.test(end), 'start and end are Unix times in ns');
    const [from, to] = [BigInt(start), BigInt(end)];
    // 30d1h
    need(to - from <= 721n * 3_600_000n * MS, 'the query time range exceeds the limit (limit: 30d1h)');
    const matchers = readSelector(query.get('query') ?? '');
    need(demandsSomething(matchers), 'queries require at least one regexp or equality matcher');
    const found = lines.filter(
      ({ nanos, labels }) => nanos >= from && nanos < to && selects(matchers, labels),
    );
    const streams = new Set(found.map(({ labels }) => streamOf(labels))).size;
    const bytes = found.reduce((sum, { line }) => sum + line.length, 0);
    const figures = { streams, chunks: streams, bytes, entries: found.length };
    return json(figures, 'application/json; charset=UTF-8');
  }

  function list(query: URLSearchParams): FakeAnswer {
    needOnly(query, []);
    // Times are in seconds with three decimals, as the model of Prometheus has them.
    const shown = deletions.map(({ id, query: text, from, to, status }) => ({
      request_id: id,
      start_time: from / 1_000,
      end_time: to / 1_000,
      query: text,
      status,
      created_at: now() / 1_000,
    }));
    return json(shown, 'application/json');
  }

  function cancel(query: URLSearchParams): FakeAnswer {
    needOnly(query, ['request_id', 'force']);
    const at = deletions.findIndex(({ id }) => id === query.get('request_id'));
    need(at >= 0, 'could not find delete request with given id', 404);
    need(deletions[at]?.status === 'received', 'deletion of request which is in process is not allowed');
    deletions.splice(at, 1);
    return { status: 204 };
  }

  function remove({ method, query }: FakeRequest): FakeAnswer {
    if (method === 'GET') return list(query);
    if (method === 'DELETE') return cancel(query);
    need(method === 'POST', 'method not allowed', 405);
    needOnly(query, ['query', 'start', 'end', 'max_interval']);
    const text = query.get('query') ?? '';
    need(text !== '', 'query not set');
    readQuery(text);
    const [from, to] = [readTime(query.get('start'), 'start'), readTime(query.get('end'), 'end')];
    need(to <= now() + 999, 'deletes in the future are not allowed');
    need(from < to, "start time can't be greater than or equal to end time");
    if (failures > 0) {
      failures--;
      return goError('the store of delete requests is not ready', 500);
    }
    const id = (0x1000_0000 + deletions.length * 7_919).toString(16);
    deletions.push({ id, query: text, from, to, status: 'received' });
    return { status: 204 };
  }

  const end = await createFakeEnd((request) => {
    const { method, headers, body } = request;
    need(!proxy || headers.authorization === `Bearer ${proxy.token}`, 'unauthorized', 401);
    need(orgId === undefined || headers['x-scope-orgid'] === orgId, 'no org id', 401);
    need(request.path.startsWith(proxy?.prefix ?? ''), '404 page not found', 404);
    const path = request.path.slice(proxy?.prefix.length ?? 0);
    if (path === '/loki/api/v1/push') return push(request);
    need(body.length === 0, 'the parameters are read from the query alone');
    if (path === '/loki/api/v1/delete') return remove(request);
    need(method === 'GET', 'method not allowed', 405);
    if (path === '/loki/api/v1/index/stats') return stats(request);
    need(path === '/config', '404 page not found', 404);
    return {
      status: 200,
      body: stringify(config),
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    };
  });
  return {
    ...end,
    deletions,
    get lines() {
      return lines;
    },
    get duplicates() {
      return duplicates;
    },
    asked(query, from, to) {
      deletions.push({ id: `earlier${deletions.length}`, query, from, to, status: 'received' });
    },
    failDeletions(times) {
      failures = times;
    },
    compact() {
      for (const deletion of deletions) {
        const { matchers, keeps } = readQuery(deletion.query);
        const [from, to] = [BigInt(deletion.from) * MS, BigInt(deletion.to) * MS];
        lines = lines.filter(
          (one) => one.nanos < from || one.nanos > to || !selects(matchers, one.labels) || !keeps(one),
        );
        deletion.status = 'processed';
      }
    },
  };
}

const DAY = 86_400_000;

/** Makes lines of one stream, one for each age in days. */
export function linesOf(
  labels: Readonly<Record<string, string>>,
  ages: readonly number[],
  now = Date.now(),
): readonly LokiLine[] {
  return ages.map((days) => ({
    labels,
    line: `of ${days} days ago`,
    nanos: BigInt(Math.round(now - days * DAY)) * MS,
  }));
}
