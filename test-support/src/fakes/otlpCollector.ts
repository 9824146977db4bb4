import { createServer, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** A span as it came, its attributes as a record. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly kind: number;
  /** Unix times in ms. */
  readonly startTime: number;
  readonly endTime: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly unknown[];
  readonly events: readonly {
    readonly name: string;
    readonly time: number;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
  readonly status: { readonly code: number; readonly message: string | undefined };
  readonly resource: Readonly<Record<string, unknown>>;
}

type Json = Readonly<Record<string, unknown>>;

function fail(text: string): never {
  throw new Error(text);
}

function record(value: unknown, path: string, allowed: readonly string[]): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fail(`${path}: is no object`);
  const unknown = Object.keys(value).filter((key) => !allowed.includes(key));
  if (unknown.length > 0) fail(`${path}: has ${unknown.join(', ')}, which OTLP has not`);
  return { ...value };
}

function list(value: unknown, path: string): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : fail(`${path}: is no list`);
}

function text(value: unknown, path: string, pattern = /./): string {
  return typeof value === 'string' && pattern.test(value) ? value : fail(`${path}: ${JSON.stringify(value)}`);
}

function whole(value: unknown, path: string, most = 2 ** 32 - 1): number {
  const isWhole = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
  return isWhole ? value : fail(`${path}: ${JSON.stringify(value)}`);
}

const VALUES = ['stringValue', 'intValue', 'doubleValue', 'boolValue', 'arrayValue'];

function anyValue(value: unknown, path: string): unknown {
  const entries = Object.entries(record(value, path, VALUES));
  if (entries.length !== 1) fail(`${path}: ${entries.length} values`);
  const [kind, inner] = entries[0] ?? fail(path);
  if (kind === 'arrayValue') {
    return list(record(inner, path, ['values'])['values'], path).map((one) => anyValue(one, path));
  }
  return inner;
}

function attributes(value: unknown, path: string): Json {
  const pairs = list(value, path).map((pair): [string, unknown] => {
    const { key, value: inner } = record(pair, path, ['key', 'value']);
    return [text(key, `${path}.key`), anyValue(inner, `${path}.${String(key)}`)];
  });
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) fail(`${path}: a key stands twice`);
  return Object.fromEntries(pairs);
}

const DAY_NS = 86_400_000_000_000n;

function time(value: unknown, path: string): number {
  const at = BigInt(text(value, path, /^\d+$/));
  const now = BigInt(Date.now()) * 1_000_000n;
  const isToday = at > now - DAY_NS && at < now + DAY_NS;
  return isToday ? Number(at / 1_000n) / 1_000 : fail(`${path}: ${at} is no time of today in ns`);
}

const SPAN_FIELDS = [
  'traceId',
  'spanId',
  'parentSpanId',
  'traceState',
  'flags',
  'name',
  'kind',
  'startTimeUnixNano',
  'endTimeUnixNano',
  'attributes',
  'droppedAttributesCount',
  'events',
  'droppedEventsCount',
  'links',
  'droppedLinksCount',
  'status',
];

function readSpan(value: unknown, resource: Json): ReceivedSpan {
  const span = record(value, 'span', SPAN_FIELDS);
  const startTime = time(span['startTimeUnixNano'], 'startTimeUnixNano');
  const endTime = time(span['endTimeUnixNano'], 'endTimeUnixNano');
  if (endTime < startTime) fail('span: ends before it starts');
  const status = record(span['status'], 'status', ['code', 'message']);
  return {
    name: text(span['name'], 'name'),
    traceId: text(span['traceId'], 'traceId', /^(?!0+$)[\da-f]{32}$/),
    spanId: text(span['spanId'], 'spanId', /^(?!0+$)[\da-f]{16}$/),
    parentSpanId:
      span['parentSpanId'] === undefined
        ? undefined
        : text(span['parentSpanId'], 'parentSpanId', /^[\da-f]{16}$/),
    kind: whole(span['kind'], 'kind', 5) || fail('kind: is unspecified'),
    startTime,
    endTime,
    attributes: attributes(span['attributes'], 'attributes'),
    links: list(span['links'], 'links'),
    events: list(span['events'], 'events').map((event) => {
      const fields = ['name', 'timeUnixNano', 'attributes', 'droppedAttributesCount'];
      const read = record(event, 'event', fields);
      return {
        name: text(read['name'], 'event.name'),
        time: time(read['timeUnixNano'], 'event.timeUnixNano'),
        attributes: attributes(read['attributes'], 'event'),
      };
    }),
    status: {
      code: whole(status['code'], 'status.code', 2),
      message: status['message'] === undefined ? undefined : text(status['message'], 'status.message', /^/),
    },
    resource,
  };
}

function readRequest(body: unknown): ReceivedSpan[] {
  const { resourceSpans } = record(body, 'request', ['resourceSpans']);
  return list(resourceSpans, 'resourceSpans').flatMap((one) => {
    const { resource, scopeSpans } = record(one, 'resourceSpans', ['resource', 'scopeSpans', 'schemaUrl']);
    const fields = attributes(
      record(resource, 'resource', ['attributes', 'droppedAttributesCount'])['attributes'],
      'resource',
    );
    text(fields['service.name'], 'service.name');
    return list(scopeSpans, 'scopeSpans').flatMap((scoped) => {
      const { scope, spans } = record(scoped, 'scopeSpans', ['scope', 'spans', 'schemaUrl']);
      text(
        record(scope, 'scope', ['name', 'version', 'attributes', 'droppedAttributesCount'])['name'],
        'scope.name',
      );
      return list(spans, 'spans').map((span) => readSpan(span, fields));
    });
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
}

/** An OTLP/HTTP receiver of JSON that forgives nothing; `faults` says what it was sent that OTLP is not. */
export async function createOtlpFake() {
  const spans: ReceivedSpan[] = [];
  const faults: string[] = [];
  const bodies: string[] = [];
  const known = new Set<string>();
  const state = { status: 200, isSilent: false };
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      if (state.isSilent) return;
      bodies.push(body);
      try {
        if (request.method !== 'POST') fail(`method: ${request.method}`);
        if (request.url !== '/v1/traces') fail(`path: ${request.url}`);
        text(request.headers['content-type'], 'content-type', /^application\/json$/);
        const received = readRequest(JSON.parse(body));
        if (received.length === 0) fail('request: has no spans');
        if (state.status === 200) {
          for (const span of received) {
            if (known.has(span.spanId)) fail(`span ${span.spanId}: came twice`);
            known.add(span.spanId);
            spans.push(span);
          }
        }
      } catch (error) {
        faults.push(String(error));
        response.statusCode = 400;
        response.end();
        return;
      }
      response.writeHead(state.status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans,
    faults,
    bodies,
    /** What it answers from now on: a status, or nothing at all. */
    answer(status: number | 'nothing') {
      state.isSilent = status === 'nothing';
      if (typeof status === 'number') state.status = status;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
