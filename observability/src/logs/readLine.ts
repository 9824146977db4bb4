import { lineNanos } from './lineTime';
import { type LogEntry, labelForms, metadataNames } from './logEntry';
import { parseObject } from './parseObject';

export interface ReadLineOptions {
  /** What is known of the line's source. What the line says itself goes before. */
  readonly labels: Readonly<Record<string, string>>;
  /** Unix time in ns for a line that tells none. */
  readonly now: bigint;
}

/** A line to keep, or why it is not kept. */
export type ReadLine =
  | { readonly kind: 'kept'; readonly entry: LogEntry }
  | { readonly kind: 'dropped'; readonly reason: 'debug_in_production' };

type Fields = Readonly<Record<string, unknown>>;

/** https://getpino.io/#/docs/api?id=loggerlevels-object */
const PINO_LEVELS: Readonly<Record<string, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

const METHOD_AND_PATH = /\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/[^\s?#]*)/;
const DURATION = /\bduration=(\d+(?:\.\d+)?)ms\b/;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

/** The fields by the names of the service toolkit. The gateway writes pino's own names, and Fastify's. */
function namedFields(fields: Fields): Fields {
  const isPino = typeof fields['level'] === 'number';
  const request = isFields(fields['req']) ? fields['req'] : {};
  const response = isFields(fields['res']) ? fields['res'] : {};
  return {
    level: isPino ? PINO_LEVELS[String(fields['level'])] : fields['level'],
    service: fields['service'] || (isPino ? fields['name'] : undefined),
    category: fields['category'],
    environment: fields['environment'],
    request_id: fields['request_id'] || fields['reqId'],
    user_id: fields['user_id'],
    session_id: fields['session_id'],
    trace_id: fields['trace_id'],
    span_id: fields['span_id'],
    method: fields['method'] || request['method'],
    path: fields['path'] || request['path'],
    status_code: fields['status_code'] ?? response['statusCode'],
    duration_ms: fields['duration_ms'] ?? fields['responseTime'],
  };
}

/** What a text says of a request and how long it took, for lines that have no fields for it. */
function fieldsOfText(text: string, named: Fields): Fields {
  const [, method, path] = named['method'] === undefined ? (METHOD_AND_PATH.exec(text) ?? []) : [];
  const [, duration] = named['duration_ms'] === undefined ? (DURATION.exec(text) ?? []) : [];
  return {
    ...(method === undefined ? {} : { method, path }),
    ...(duration === undefined ? {} : { duration_ms: duration }),
  };
}

/**
 * What `alloy/config.alloy` makes of a line: labels, structured metadata and the line's own time. A line that is no JSON
 * is kept as it is, under its source's labels. Debug lines of production are dropped, with a reason to count.
 */
export function readLine(line: string, { labels: given, now }: ReadLineOptions): ReadLine {
  const fields = parseObject(line);
  const read = fields ? namedFields(fields) : {};
  const text = fields ? textOf(fields['message'] || fields['msg']) : line;
  const named: Fields = { ...read, ...fieldsOfText(text, read) };

  const labels: Record<string, string> = { ...given };
  for (const [name, form] of Object.entries(labelForms)) {
    const value = textOf(named[name]);
    if (form.test(value)) labels[name] = value;
  }
  // The name by which Loki and the gateway's lines know who speaks.
  if (labels['service'] !== undefined) labels['service_name'] = labels['service'];
  if (labels['environment'] === 'production' && /^(?:debug|trace)$/.test(labels['level'] ?? '')) {
    return { kind: 'dropped', reason: 'debug_in_production' };
  }

  const metadata: Record<string, string> = {};
  for (const name of metadataNames) {
    const value = textOf(named[name]);
    if (value !== '') metadata[name] = value;
  }
  const nanos = fields && lineNanos(fields['timestamp'] ?? fields['time']);
  return { kind: 'kept', entry: { labels, metadata, nanos: nanos ?? now, line } };
}
