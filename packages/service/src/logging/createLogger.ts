import { isError } from '@artel/telemetry-protocol/scrub';
import { trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, type LoggerOptions as PinoOptions, pino } from 'pino';
import { plainError, scrubFields, scrubLine } from '../scrubTree';
import { formatMessage } from './formatMessage';
import { prettyDestination } from './prettyDestination';
import { currentRequestContext } from './requestContext';
import { contextText, parseFields, quote, setTextLineWriter } from './textLine';

/** Least severe level that is written. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** A line as it was written, for who listens (breadcrumbs). */
export interface LogLine {
  readonly level: string;
  readonly message: string | undefined;
  /** The field of that name, where it is a text. */
  readonly category: string | undefined;
  /** Scrubbed already. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The error that the line tells of, as it was passed: not scrubbed. */
  readonly error: Error | undefined;
}

/** What {@link createLogger} is told. */
export interface LoggerOptions {
  readonly service: string;
  readonly version?: string;
  readonly environment?: string;
  /** `info` unless given. */
  readonly level?: LogLevel;
  /** Lines for a human at a terminal in place of JSON. */
  readonly pretty?: boolean;
  /** `timestamp` as ISO 8601 text (the default) or as ms since 1970. */
  readonly timestamp?: 'iso' | 'ms';
  /** Where lines go, standard output unless given. */
  readonly destination?: DestinationStream;
  /** Hears of each line after it is written; what it throws is swallowed. */
  readonly onLine?: (line: LogLine) => void;
}

/** Names that every line bears: a caller's field of such a name gets a `_` behind it, so that no line has a key twice. */
const RESERVED = new Set(['level', 'timestamp', 'service', 'version', 'environment', 'message']);

function addContext(fields: Record<string, unknown>): Record<string, unknown> {
  const { requestId, userId, sessionId } = currentRequestContext();
  const span = trace.getActiveSpan()?.spanContext();
  if (requestId !== undefined) fields['request_id'] = requestId;
  if (userId !== undefined) fields['user_id'] = scrubLine(String(userId));
  if (sessionId !== undefined) fields['session_id'] = scrubLine(String(sessionId));
  if (span) {
    fields['trace_id'] = span.traceId;
    fields['span_id'] = span.spanId;
  }
  return fields;
}

/** What the seed's lines call an error: `error`, `error_type`, and the stack of `exc_info`. */
function errorFields(error: Error): Record<string, unknown> {
  const { type, message, ...rest } = plainError(error);
  return { error: message, error_type: type, ...rest };
}

function categoryOf({ category }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof category === 'string' ? category : undefined;
}

interface Endpoints {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly url?: unknown;
  readonly statusCode?: unknown;
}

/** Of a request or response that someone logs, Fastify by itself too, a line holds this and nothing else. */
function describeExchange(value: object): Record<string, unknown> {
  const { id, method, url, statusCode }: Endpoints = value;
  return scrubFields({
    id,
    method,
    ...(typeof url === 'string' ? { path: url } : {}),
    ...(typeof statusCode === 'number' ? { status_code: statusCode } : {}),
  });
}

function isExchange(key: string, value: unknown): value is object {
  return (key === 'req' || key === 'res') && typeof value === 'object' && value !== null;
}

interface Merged {
  readonly fields: Record<string, unknown>;
  readonly error: Error | undefined;
}

function readField(from: object, key: string): unknown {
  try {
    return Reflect.get(from, key);
  } catch {
    return undefined;
  }
}

/** Scrubbed fields of what stands before the message, with the names of the house. */
function readFields(from: object): Merged {
  if (isError(from)) return { fields: errorFields(from), error: from };
  const scrubbed = scrubFields(from);
  const fields: Record<string, unknown> = {};
  let error: Error | undefined;
  for (const key in scrubbed) {
    const original =
      key === 'err' || key === 'error' || key === 'req' || key === 'res' ? readField(from, key) : 0;
    if ((key === 'err' || key === 'error') && isError(original)) {
      error = original;
      Object.assign(fields, errorFields(original));
    } else if (isExchange(key, original)) {
      fields[key] = describeExchange(original);
    } else {
      fields[RESERVED.has(key) ? `${key}_` : key] = scrubbed[key];
    }
  }
  return { fields, error };
}

function readLine(args: readonly unknown[]): Merged & { readonly message: string | undefined } {
  const [first, ...rest] = args;
  if (typeof first !== 'object' || first === null) {
    return { fields: {}, error: undefined, message: first === undefined ? undefined : formatMessage(args) };
  }
  const merged = readFields(first);
  const message = rest.length > 0 ? formatMessage(rest) : merged.error && String(merged.fields['error']);
  return { ...merged, message };
}

function isoStamp(): () => string {
  let at = Number.NaN;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== at) {
      at = now;
      text = `,"timestamp":"${new Date(now).toISOString()}"`;
    }
    return text;
  };
}

function stamp(kind: 'iso' | 'ms'): () => string {
  return kind === 'ms' ? () => `,"timestamp":${Date.now()}` : isoStamp();
}

/**
 * Standard output, written by the event loop in pieces of 16 KB, at most 100 ms late, and flushed when the process exits. A
 * write for each line would take longer than all that makes the line.
 */
function standardOutput(): DestinationStream {
  return pino.destination({ dest: 1, sync: false, minLength: 16_000, periodicFlush: 100 });
}

/**
 * Makes a pino logger whose every line bears the service, its version and environment, the request, user and session of
 * the running context, and the ids of the active span; messages, fields, errors and bindings of children are scrubbed
 * before they are written. Logging never throws, whatever is passed.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { service, version, environment, level = 'info', timestamp = 'iso', onLine } = options;
  const tell = (line: LogLine): void => {
    try {
      onLine?.(line);
    } catch {
      // A listener's trouble is not the caller's.
    }
  };
  const base = {
    service,
    ...(version === undefined ? {} : { version }),
    ...(environment === undefined ? {} : { environment }),
  };
  const time = stamp(timestamp);
  const settings: PinoOptions = {
    level,
    messageKey: 'message',
    base,
    timestamp: time,
    formatters: { level: (label) => ({ level: label }) },
    hooks: {
      logMethod(args, write, number) {
        const { fields, error, message } = readLine(args);
        const line = Object.assign(addContext({}), fields);
        // Another room's record that names the service too.
        if (line['service_'] === service) delete line['service_'];
        if (message === undefined) write.call(this, line);
        else write.call(this, line, message);
        tell({
          level: this.levels.labels[number] ?? 'info',
          message,
          category: categoryOf(line),
          fields: line,
          error,
        });
      },
    },
  };
  const destination = options.destination ?? standardOutput();
  const output = options.pretty ? prettyDestination(destination) : destination;
  const logger = pino(settings, output);
  // Children are made of their parent as prototype, so what stands here stands for each of them.
  const { child, setBindings } = logger;
  logger.child = function (this: unknown, bindings, childOptions) {
    return Reflect.apply(child, this, [readFields(bindings).fields, childOptions]);
  };
  let bound = JSON.stringify(base).slice(1, -1);
  logger.setBindings = function (this: unknown, bindings) {
    const { fields } = readFields(bindings);
    Reflect.apply(setBindings, this, [fields]);
    const text = JSON.stringify(fields).slice(1, -1);
    if (this === logger && text !== '') bound += `,${text}`;
  };
  // Where pino puts what it knows of a line on its stream, it must write each itself.
  if (!Reflect.get(output, Symbol.for('pino.metadata'))) {
    setTextLineWriter(logger, (least, category, fields, message) => {
      if (!logger.isLevelEnabled(least)) return;
      const all = `${fields},"category":${quote(category)}${contextText()}`;
      output.write(`{"level":"${least}"${time()},${bound},${all},"message":${quote(message)}}\n`);
      if (!onLine) return;
      tell({
        level: least,
        message,
        category,
        // Few look at them.
        get fields() {
          return parseFields(all);
        },
        error: undefined,
      });
    });
  }
  return logger;
}

/** Writes out what the logger still holds; resolves as well when that cannot be done. */
export function flushLogger(logger: Pick<Logger, 'flush'>): Promise<void> {
  return new Promise((resolve) => {
    try {
      logger.flush(() => resolve());
    } catch {
      resolve();
    }
  });
}
