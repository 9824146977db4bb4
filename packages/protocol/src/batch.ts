/** A value of a log field or a span attribute: the flat values that Loki and OTLP store unchanged. */
export type Scalar = string | number | boolean | null;

/** Labels by name: they identify a series of a metric. */
export type Labels = Readonly<Record<string, string>>;
/** The fields of a log line, or the attributes of a span, by name. */
export type Fields = Readonly<Record<string, Scalar>>;

/** The levels of log lines, the least urgent first. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Links one observation of a histogram, or one event of a counter, to a trace. */
export interface Exemplar {
  /** As in W3C Trace Context: 32 lower-case hex digits, not all of them 0. */
  readonly traceId: string;
  /** The observation; the point's `value` if left out. */
  readonly value?: number;
}

/**
 * What a batch adds to one series. `value` adds to a counter (1 when left out) or is one observation of a histogram;
 * `values`, in its place, are many observations. `timestamp` is Unix time in ms.
 */
export interface MetricPoint {
  readonly name: string;
  readonly value?: number;
  readonly values?: readonly number[];
  readonly labels?: Labels;
  readonly timestamp?: number;
  readonly exemplar?: Exemplar;
}

/** One log line. `category` is `user_action`, `game_event` or `error`; plain logs have none. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  /** Unix time in ms. */
  readonly timestamp: number;
  readonly category?: string;
  readonly fields?: Fields;
  readonly traceId?: string;
  readonly spanId?: string;
}

/** One finished span, with the ids of W3C Trace Context: 32 and 16 lower-case hex digits. */
export interface SpanRecord {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** Unix time in ms at the start, with fractions. */
  readonly start: number;
  /** In ms. */
  readonly duration: number;
  readonly status?: 'ok' | 'error';
  readonly attributes?: Fields;
}

/** The app that a batch comes from, with its version and environment if known. */
export interface AppInfo {
  readonly name: string;
  readonly version?: string;
  readonly environment?: string;
}

/**
 * The body of `POST /api/metrics`. Only `metrics` is required. A batch with `producer` and `seq` is counted once,
 * however often it arrives; a batch without them is counted each time.
 */
export interface Batch {
  readonly metrics: readonly MetricPoint[];
  /** Version of this format. */
  readonly v?: number;
  /** Random id of the page load that made the batch. */
  readonly producer?: string;
  /** 1, 2, 3, ... within the producer. */
  readonly seq?: number;
  /** Unix time in ms, by the sender's clock, at which this attempt was sent. */
  readonly sentAt?: number;
  /** Public write key of the app. */
  readonly key?: string;
  /** Session token from `POST /api/session`. */
  readonly token?: string;
  readonly app?: AppInfo;
  readonly session?: string;
  /** Pseudonym of the user, never a name or a raw id. */
  readonly user?: string;
  readonly page?: string;
  readonly logs?: readonly LogRecord[];
  readonly spans?: readonly SpanRecord[];
  /** Events that the client has dropped since its last batch, by reason. */
  readonly dropped?: Readonly<Record<string, number>>;
}

/** Version of the batch format that this package describes. */
export const BATCH_VERSION = 1;

/** One refused item of a batch of which the rest was kept. */
export interface Rejection {
  readonly index: number;
  readonly reason: string;
  /** The list that `index` refers to; `metrics` if left out. */
  readonly list?: 'logs' | 'spans';
}

/** The gateway's 202 answer to a batch. */
export interface BatchAnswer {
  /** Points, logs and spans counted by this request: 0 for a duplicate. */
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
  readonly duplicate: boolean;
}
