/** A line as Loki and the embedded store keep it. */
export interface LogEntry {
  /** What few values share and a question can begin with: `service`, `level`, `category`, `environment`, … */
  readonly labels: Readonly<Record<string, string>>;
  /** What has many values, and stands beside the line: `request_id`, `user_id`, … Loki calls it structured metadata. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Unix time in ns. */
  readonly nanos: bigint;
  /** As it was written, without its line break. */
  readonly line: string;
}

/** Fields of a line that become labels; each has a form, so that no line of somebody else can make up streams. */
export const labelForms = {
  level: /^(?:trace|debug|info|warn|error|fatal)$/,
  service: /^[a-z][a-z0-9._-]{0,62}$/,
  category: /^[a-z][a-z0-9_]{0,39}$/,
  environment: /^[a-z][a-z0-9_-]{0,31}$/,
} as const;

/** Fields of a line that become structured metadata. */
export const metadataNames = [
  'request_id',
  'user_id',
  'session_id',
  'trace_id',
  'span_id',
  'method',
  'path',
  'status_code',
  'duration_ms',
] as const;
