/** What a log field, a span attribute may hold: the flat values that Loki and OTLP take as they are. */
export type Scalar = string | number | boolean | null;

/** What tells the series of one metric apart. */
export type Labels = Readonly<Record<string, string>>;
/** What goes with a log line or a span beside its own words. */
export type Fields = Readonly<Record<string, Scalar>>;

/** The levels of log lines, from the least urgent. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One observation that a trace tells more of, or one event of a counter. */
export interface Exemplar {
  /** As in W3C Trace Context: 32 lower-case hex digits, not all of them 0. */
  readonly traceId: string;
  /** The observation; left out, the point's `value`. */
  readonly value?: number;
}

/**
 * One series' part of a batch. `value` adds to a counter (1 when left out) or is one observation of a histogram;
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

/** One log line. `category` tells business events (`user_action`, `game_event`) from errors and plain logs. */
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

/** Which app a batch is from; its version and environment where the app tells them. */
export interface AppInfo {
  readonly name: string;
  readonly version?: string;
  readonly environment?: string;
}

/**
 * The body of `POST /api/metrics`. Only `metrics` must be there. A batch with `producer` and `seq` is counted once
 * however often it arrives; one without them is counted each time.
 */
export interface Batch {
  readonly metrics: readonly MetricPoint[];
  /** Version of this format. */
  readonly v?: number;
  /** Random id of the page load that made the batch. */
  readonly producer?: string;
  /** 1, 2, 3, … within the producer. */
  readonly seq?: number;
  /** Unix time in ms at which this attempt left, by the sender's clock. */
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
  /** Events that the client had to give up, by reason, not told before. */
  readonly dropped?: Readonly<Record<string, number>>;
}

/** Version of the batch format that this package describes. */
export const BATCH_VERSION = 1;

/** One item of a batch that was refused while the rest was kept. */
export interface Rejection {
  readonly index: number;
  readonly reason: string;
  /** The list that `index` points into; `metrics` when left out. */
  readonly list?: 'logs' | 'spans';
}

/** The gateway's 202 answer to a batch. */
export interface BatchAnswer {
  /** Points, logs and spans counted by this request: 0 for a duplicate. */
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
  readonly duplicate: boolean;
}
