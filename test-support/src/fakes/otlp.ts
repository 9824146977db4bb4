import type protobuf from 'protobufjs';
import { createFakeEnd, type FakeEnd, need } from './fakeEnd';
import { publishedOtlp } from './published';
import { type Decoded, message, messages, strictDecode, strictDecodeJson } from './strictDecode';

type AttributeValue = string | number | bigint | boolean | readonly AttributeValue[];
type Attributes = Readonly<Record<string, AttributeValue>>;

interface OtlpItem {
  readonly resource: Attributes;
  readonly attributes: Attributes;
  /** The record, span or data point as it was decoded. */
  readonly decoded: Decoded;
}

export interface OtlpSpan extends OtlpItem {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly kind: number;
  /** Unix times in ms. */
  readonly startTime: number;
  readonly endTime: number;
  readonly links: readonly Decoded[];
  readonly events: readonly {
    readonly name: string;
    readonly time: number;
    readonly attributes: Attributes;
  }[];
  readonly status: { readonly code: number; readonly message: string | undefined };
}

interface OtlpMetric {
  readonly name: string;
  readonly kind: 'sum' | 'gauge' | 'histogram';
  readonly points: readonly OtlpItem[];
}

export interface OtlpFake extends FakeEnd {
  /** In the order of arrival; a copy (the same time and body, the same span id) stands once. */
  readonly logs: readonly OtlpItem[];
  readonly spans: readonly OtlpSpan[];
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

function anyValue(any: Decoded, path: string): AttributeValue {
  const [[kind, value] = [], ...more] = Object.entries(any);
  need(kind !== undefined && more.length === 0, `${path}: has no value, or several`);
  if (kind === 'arrayValue') return messages(message(any, kind), 'values').map((one) => anyValue(one, path));
  need(kind !== 'bytesValue' && value !== undefined && typeof value !== 'object', `${path}: is a ${kind}`);
  return value;
}

function attributesOf(decoded: Decoded): Attributes {
  const pairs = messages(decoded, 'attributes').map((pair): [string, AttributeValue] => {
    const key = textOf(pair, 'key');
    return [key, anyValue(message(pair, 'value'), key)];
  });
  need(new Set(pairs.map(([key]) => key)).size === pairs.length, 'attributes: a key stands twice');
  return Object.fromEntries(pairs);
}

function textOf(decoded: Decoded, field: string): string {
  const text = decoded[field];
  need(typeof text === 'string' && text !== '', `${field}: is empty`);
  return text;
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

/** A time in ns, within a day of now. */
function timeOf(decoded: Decoded, field: string): bigint {
  const at = decoded[field];
  need(typeof at === 'bigint', `${field}: is missing`);
  const now = BigInt(Date.now()) * 1_000_000n;
  need(at > now - DAY_NS && at < now + DAY_NS, `${field}: ${at} is no time of today in ns`);
  return at;
}

const msOf = (decoded: Decoded, field: string): number => Number(timeOf(decoded, field) / 1_000n) / 1_000;

function itemsOf(request: Decoded, kind: string, list: string): OtlpItem[] {
  const resources = messages(request, `resource${kind}`);
  need(resources.length > 0, `resource${kind}: is empty`);
  return resources.flatMap((one) => {
    const resource = attributesOf(message(one, 'resource'));
    need(typeof resource['service.name'] === 'string', 'resource: has no service.name');
    const scopes = messages(one, `scope${kind}`);
    need(scopes.length > 0, `scope${kind}: is empty`);
    return scopes.flatMap((each) => {
      textOf(message(each, 'scope'), 'name');
      const items = messages(each, list);
      need(items.length > 0, `${list}: is empty`);
      return items.map((decoded) => ({ resource, attributes: attributesOf(decoded), decoded }));
    });
  });
}

const logId = (decoded: Decoded): string =>
  `${decoded['timeUnixNano']} ${message(decoded, 'body')['stringValue']}`;

function checkLog(item: OtlpItem): OtlpItem {
  const { decoded } = item;
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
  return item;
}

function readSpan(item: OtlpItem): OtlpSpan {
  const { decoded } = item;
  const kind = Number(decoded['kind']);
  need(kind > 0, 'kind: is unspecified');
  const [start, end] = ['startTimeUnixNano', 'endTimeUnixNano'];
  need(timeOf(decoded, start) <= timeOf(decoded, end), 'span: ends before it starts');
  const links = messages(decoded, 'links');
  for (const link of links) {
    idOf(link, 'traceId', 16, true);
    idOf(link, 'spanId', 8, true);
  }
  const { code = 0, message: text } = message(decoded, 'status');
  return {
    ...item,
    name: textOf(decoded, 'name'),
    traceId: idOf(decoded, 'traceId', 16, true),
    spanId: idOf(decoded, 'spanId', 8, true),
    parentSpanId: idOf(decoded, 'parentSpanId', 8, false) || undefined,
    kind,
    startTime: msOf(decoded, start),
    endTime: msOf(decoded, end),
    links,
    events: messages(decoded, 'events').map((event) => ({
      name: textOf(event, 'name'),
      time: msOf(event, 'timeUnixNano'),
      attributes: attributesOf(event),
    })),
    status: { code: Number(code), message: typeof text === 'string' ? text : undefined },
  };
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

function readMetric({ resource, decoded }: OtlpItem): OtlpMetric {
  const name = textOf(decoded, 'name');
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
  const keys = points.map(({ attributes }) => JSON.stringify(Object.entries(attributes).sort()));
  need(new Set(keys).size === points.length, `${name}: a point stands twice`);
  return { name, kind, points };
}

interface Signal {
  readonly service: string;
  readonly kind: 'Logs' | 'Spans' | 'Metrics';
  readonly list: string;
  readonly rejected: string;
}

const signals: Readonly<Record<string, Signal>> = {
  '/v1/logs': {
    service: 'logs.v1.ExportLogsService',
    kind: 'Logs',
    list: 'logRecords',
    rejected: 'rejectedLogRecords',
  },
  '/v1/traces': {
    service: 'trace.v1.ExportTraceService',
    kind: 'Spans',
    list: 'spans',
    rejected: 'rejectedSpans',
  },
  '/v1/metrics': {
    service: 'metrics.v1.ExportMetricsService',
    kind: 'Metrics',
    list: 'metrics',
    rejected: 'rejectedDataPoints',
  },
};

/** An OTLP/HTTP receiver of protobuf and JSON that reads by the published schemas and forgives nothing. */
export async function createOtlpFake({ poison, reject }: OtlpFakeOptions = {}): Promise<OtlpFake> {
  const logs: OtlpItem[] = [];
  const spans: OtlpSpan[] = [];
  const metrics = new Map<string, OtlpMetric>();
  const known = new Set<string>();
  let duplicates = 0;

  /** Returns how many items are left out; nothing where one is poison, and none is taken. */
  function take<T extends OtlpItem>(items: readonly T[], into: T[], id: (item: T) => string) {
    if (poison && items.some(poison)) return undefined;
    let left = 0;
    for (const item of items) {
      if (reject?.(item)) left++;
      else if (known.has(id(item))) duplicates++;
      else {
        known.add(id(item));
        into.push(item);
      }
    }
    return left;
  }

  const takeMetrics = (items: readonly OtlpItem[]): number => {
    for (const metric of items.map(readMetric)) metrics.set(metric.name, metric);
    return 0;
  };

  const end = await createFakeEnd(({ method, path, headers, body }) => {
    need(method === 'POST', `${method}: is not for OTLP`);
    const signal = signals[path];
    need(signal !== undefined, `${path}: not found`, 404);
    const { service, kind, list, rejected } = signal;
    const contentType = headers['content-type'] ?? '';
    need(/^application\/(?:x-protobuf|json)$/.test(contentType), `content-type: ${contentType}`);
    const decode = contentType === 'application/json' ? strictDecodeJson : strictDecode;
    const items = itemsOf(decode(type(`${service}Request`), body), kind, list);
    const left =
      kind === 'Logs'
        ? take(items.map(checkLog), logs, ({ decoded }) => logId(decoded))
        : kind === 'Spans'
          ? take(items.map(readSpan), spans, ({ traceId, spanId }) => `${traceId} ${spanId}`)
          : takeMetrics(items);
    if (left === undefined) return { status: 400, body: 'poison' };
    const response = type(`${service}Response`);
    const partialSuccess = { [rejected]: left, errorMessage: 'left out' };
    const said = response.fromObject(left > 0 ? { partialSuccess } : {});
    return {
      status: 200,
      body: decode === strictDecode ? response.encode(said).finish() : JSON.stringify(said),
      headers: { 'Content-Type': contentType },
    };
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
