import type protobuf from 'protobufjs';
import { createFakeEnd, type FakeEnd, Fault, need } from './fakeEnd';
import { publishedOtlp } from './published';
import { type Decoded, message, messages, strictDecode, type Value } from './strictDecode';

type Attributes = Readonly<Record<string, string | number | bigint | boolean>>;

interface OtlpItem {
  readonly resource: Attributes;
  readonly attributes: Attributes;
  /** The record, span or data point as it was decoded. */
  readonly decoded: Decoded;
}

interface OtlpMetric {
  readonly name: string;
  readonly kind: 'sum' | 'gauge' | 'histogram';
  readonly points: readonly OtlpItem[];
}

export interface OtlpFake extends FakeEnd {
  /** In the order of arrival; a copy (the same time and body, the same span id) stands once. */
  readonly logs: readonly OtlpItem[];
  readonly spans: readonly OtlpItem[];
  readonly duplicates: number;
  /** The last value of each metric by its name. */
  readonly metrics: ReadonlyMap<string, OtlpMetric>;
}

export interface OtlpFakeOptions {
  readonly poison?: (item: OtlpItem) => boolean;
  /** Items that are left out of an accepted request, as a partial success. */
  readonly reject?: (item: OtlpItem) => boolean;
}

const type = (name: string): protobuf.Type =>
  publishedOtlp.lookupType(`opentelemetry.proto.collector.${name}`);

function isScalar(value: unknown): value is string | number | bigint | boolean {
  return typeof value !== 'object' && value !== undefined;
}

function attributesOf(decoded: Decoded, field = 'attributes'): Attributes {
  const pairs = messages(decoded, field).map((pair): [string, string | number | bigint | boolean] => {
    const { key } = pair;
    need(typeof key === 'string' && key !== '', `${field}: a key is empty`);
    const [value, ...more] = Object.values(message(pair, 'value'));
    need(isScalar(value) && more.length === 0, `${field}.${key}: has no value`);
    return [key, value];
  });
  need(new Set(pairs.map(([key]) => key)).size === pairs.length, `${field}: a key stands twice`);
  return Object.fromEntries(pairs);
}

function idOf(decoded: Decoded, field: string, bytes: number, required: boolean): string {
  const id = decoded[field] ?? '';
  need(typeof id === 'string', `${field}: is no id`);
  if (id === '' && !required) return '';
  need(id.length === bytes * 2, `${field}: ${id.length / 2} bytes, expected ${bytes}`);
  need(!/^0*$/.test(id), `${field}: is all zero, which is no id`);
  return id;
}

const DAY_NS = 86_400_000_000_000n;

/** A time that is a time in ns: within the last year and the next day. */
function timeOf(decoded: Decoded, field: string): bigint {
  const at: Value | readonly Value[] | undefined = decoded[field];
  need(typeof at === 'bigint', `${field}: is missing`);
  const now = BigInt(Date.now()) * 1_000_000n;
  need(at > now - 366n * DAY_NS && at < now + DAY_NS, `${field}: ${at} is no time of these days in ns`);
  return at;
}

function scopedItems(
  request: Decoded,
  kind: string,
  list: string,
): { resource: Attributes; decoded: Decoded }[] {
  const resources = messages(request, `resource${kind}`);
  need(resources.length > 0, `resource${kind}: is empty`);
  return resources.flatMap((one) => {
    const resource = attributesOf(message(one, 'resource'));
    need(typeof resource['service.name'] === 'string', 'resource: has no service.name');
    const scopes = messages(one, `scope${kind}`);
    need(scopes.length > 0, `scope${kind}: is empty`);
    return scopes.flatMap((each) => {
      need(typeof message(each, 'scope')['name'] === 'string', 'scope: has no name');
      const items = messages(each, list);
      need(items.length > 0, `${list}: is empty`);
      return items.map((decoded) => ({ resource, decoded }));
    });
  });
}

function checkLog(decoded: Decoded): void {
  timeOf(decoded, 'timeUnixNano');
  timeOf(decoded, 'observedTimeUnixNano');
  need(typeof message(decoded, 'body')['stringValue'] === 'string', 'body: has no text');
  need(
    [5, 9, 13, 17].includes(Number(decoded['severityNumber'])),
    `severityNumber: ${decoded['severityNumber']}`,
  );
  need(/^(?:debug|info|warn|error)$/.test(String(decoded['severityText'])), 'severityText: no level');
  idOf(decoded, 'traceId', 16, false);
  idOf(decoded, 'spanId', 8, false);
}

function checkSpan(decoded: Decoded): void {
  idOf(decoded, 'traceId', 16, true);
  idOf(decoded, 'spanId', 8, true);
  idOf(decoded, 'parentSpanId', 8, false);
  need(typeof decoded['name'] === 'string' && decoded['name'] !== '', 'name: is empty');
  need(Number(decoded['kind']) > 0, 'kind: is unspecified');
  need(
    timeOf(decoded, 'startTimeUnixNano') <= timeOf(decoded, 'endTimeUnixNano'),
    'span: ends before it starts',
  );
}

function checkPoint(kind: OtlpMetric['kind'], point: Decoded): void {
  const at = timeOf(point, 'timeUnixNano');
  if (kind !== 'gauge') need(timeOf(point, 'startTimeUnixNano') <= at, 'point: ends before it starts');
  for (const exemplar of messages(point, 'exemplars')) {
    timeOf(exemplar, 'timeUnixNano');
    idOf(exemplar, 'traceId', 16, true);
    need(typeof exemplar['asDouble'] === 'number', 'exemplar: has no value');
  }
  if (kind !== 'histogram') {
    need(typeof point['asDouble'] === 'number', 'point: has no value');
    return;
  }
  const { bucketCounts = [], explicitBounds = [], count, sum } = point;
  need(Array.isArray(bucketCounts) && Array.isArray(explicitBounds), 'point: has no buckets');
  need(bucketCounts.length === explicitBounds.length + 1, 'point: as many counts as bounds and one more');
  need(
    explicitBounds.every((bound, index) => index === 0 || Number(bound) > Number(explicitBounds[index - 1])),
    'explicitBounds: do not ascend',
  );
  const total = bucketCounts.reduce((all: bigint, each) => all + BigInt(String(each)), 0n);
  need(typeof count === 'bigint' && count === total, `point: counts add up to ${total}, not to ${count}`);
  need(typeof sum === 'number', 'point: has no sum');
}

const signals = {
  '/v1/logs': {
    message: 'logs.v1.ExportLogsService',
    kind: 'Logs',
    list: 'logRecords',
    rejected: 'rejectedLogRecords',
  },
  '/v1/traces': {
    message: 'trace.v1.ExportTraceService',
    kind: 'Spans',
    list: 'spans',
    rejected: 'rejectedSpans',
  },
} as const;

/** An OTLP/HTTP receiver that decodes by the published schemas and forgives nothing. */
export async function createOtlpFake({ poison, reject }: OtlpFakeOptions = {}): Promise<OtlpFake> {
  const logs: OtlpItem[] = [];
  const spans: OtlpItem[] = [];
  const metrics = new Map<string, OtlpMetric>();
  const known = new Set<string>();
  let duplicates = 0;

  const answer = (name: string, field: string, rejected: number) => {
    const response = type(`${name}Response`);
    const partialSuccess = { [field]: rejected, errorMessage: 'left out' };
    const body = response.encode(rejected > 0 ? { partialSuccess } : {}).finish();
    return { status: 200, body, headers: { 'Content-Type': 'application/x-protobuf' } };
  };

  const takeItems = (path: keyof typeof signals, body: Buffer) => {
    const { message: name, kind, list, rejected } = signals[path];
    const request = strictDecode(type(`${name}Request`), body);
    const items = scopedItems(request, kind, list).map(({ resource, decoded }): OtlpItem => {
      if (path === '/v1/logs') checkLog(decoded);
      else checkSpan(decoded);
      return { resource, attributes: attributesOf(decoded), decoded };
    });
    if (poison && items.some(poison)) return { status: 400, body: 'poison' };
    let left = 0;
    for (const item of items) {
      const { decoded } = item;
      const id =
        path === '/v1/logs'
          ? `${decoded['timeUnixNano']} ${message(decoded, 'body')['stringValue']}`
          : `${decoded['traceId']} ${decoded['spanId']}`;
      if (reject?.(item)) left++;
      else if (known.has(id)) duplicates++;
      else {
        known.add(id);
        (path === '/v1/logs' ? logs : spans).push(item);
      }
    }
    return answer(name, rejected, left);
  };

  const takeMetrics = (body: Buffer) => {
    const request = strictDecode(type('metrics.v1.ExportMetricsServiceRequest'), body);
    for (const { resource, decoded } of scopedItems(request, 'Metrics', 'metrics')) {
      const name = String(decoded['name'] ?? '');
      need(/^[a-zA-Z_:][\w:]*$/.test(name), `metric: ${name} is no name`);
      need(typeof decoded['description'] === 'string', `${name}: has no description`);
      const kind = (['sum', 'gauge', 'histogram'] as const).find((one) => one in decoded);
      need(kind !== undefined, `${name}: has no data`);
      const data = message(decoded, kind);
      if (kind !== 'gauge') need(data['aggregationTemporality'] === 2, `${name}: is not cumulative`);
      if (kind === 'sum') need(data['isMonotonic'] === true, `${name}: is not monotonic`);
      const points = messages(data, 'dataPoints').map((point): OtlpItem => {
        checkPoint(kind, point);
        return { resource, attributes: attributesOf(point), decoded: point };
      });
      need(points.length > 0, `${name}: has no points`);
      need(
        new Set(points.map(({ attributes }) => JSON.stringify(Object.entries(attributes).sort()))).size ===
          points.length,
        `${name}: a point stands twice`,
      );
      metrics.set(name, { name, kind, points });
    }
    return answer('metrics.v1.ExportMetricsService', 'rejectedDataPoints', 0);
  };

  const end = await createFakeEnd(({ method, path, headers, body }) => {
    need(method === 'POST', `${method}: is not for OTLP`);
    need(headers['content-type'] === 'application/x-protobuf', `content-type: ${headers['content-type']}`);
    if (path === '/v1/metrics') return takeMetrics(body);
    if (path === '/v1/logs' || path === '/v1/traces') return takeItems(path, body);
    throw new Fault(`${path}: not found`, 404);
  });
  return {
    ...end,
    logs,
    spans,
    metrics,
    get duplicates() {
      return duplicates;
    },
  };
}
