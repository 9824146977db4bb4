import { z } from 'zod';

const wrong = (expected: string) => ({ error: `expected ${expected}` });

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** A URL may not carry a password: it would end in logs. Headers are for that. */
const url = (hint: string) => {
  const expected = wrong(`an http or https URL without user or password, such as ${hint}`);
  return z.string(expected).refine((text) => {
    const { protocol, username, password } = parsed(text) ?? {};
    return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
  }, expected);
};

const seconds = (min: number, max: number, fallback: number) => {
  const expected = wrong(`a number of seconds from ${min} to ${max}`);
  return z.number(expected).min(min, expected).max(max, expected).default(fallback);
};

const whole = (min: number, max: number, fallback: number) => {
  const expected = wrong(`a whole number from ${min} to ${max}`);
  return z.int(expected).min(min, expected).max(max, expected).default(fallback);
};

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]{1,128}$/;
/** What the sender sets itself, or what belongs to the connection. */
const OWN_HEADER =
  /^(?:content-(?:type|encoding|length)|host|connection|transfer-encoding|te|trailer|upgrade|expect)$/i;

const headerNameExpected = wrong('names of HTTP headers, other than those that the gateway sets itself');
const headerValueExpected = wrong('a header value, without line breaks and control characters');
const headerMap = z
  .record(
    z.string(),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    z.string(headerValueExpected).regex(/^[^\u0000-\u0008\u000a-\u001f\u007f]*$/, headerValueExpected),
  )
  .refine(
    (map) => Object.keys(map).every((name) => HEADER_NAME.test(name) && !OWN_HEADER.test(name)),
    headerNameExpected,
  );

/** The lines of a file of headers, `Name: value` each, as a mounted secret has them. */
function headersOf(text: string): Record<string, string> | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const pairs = lines.map((line) => /^([^:\s]+):\s*(.*?)\s*$/.exec(line));
  if (pairs.includes(null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
}

const headersExpected = wrong('a mapping of header names to values, or lines of `Name: value`');
const headers = z
  .union([z.record(z.string(), z.unknown()), z.string()], headersExpected)
  .transform((given, context): Record<string, string> => {
    const read = typeof given === 'string' ? headersOf(given) : given;
    if (read === undefined) {
      context.addIssue({ code: 'custom', message: headersExpected.error });
      return z.NEVER;
    }
    const checked = headerMap.safeParse(read);
    if (checked.success) return checked.data;
    context.addIssue({ code: 'custom', message: checked.error.issues[0]?.message ?? headersExpected.error });
    return z.NEVER;
  })
  .prefault({});

const labelExpected = wrong('label names of letters, digits and underscores, with values that are not empty');
const labels = z
  .record(z.string(), z.string(labelExpected).min(1, labelExpected).max(256, labelExpected), labelExpected)
  .refine((map) => Object.keys(map).every((name) => /^(?!__)[a-zA-Z_]\w{0,63}$/.test(name)), labelExpected)
  .prefault({});

/** What every output that is written to by HTTP has. */
const endpoint = {
  headers,
  /** How long one request may take. */
  timeoutSeconds: seconds(0.1, 300, 10),
};

/** How the records of one request are gathered. */
const batch = z
  .strictObject({
    records: whole(1, 10_000, 500),
    bytes: whole(1_024, 16_777_216, 1_048_576),
    /** How long the first record waits for others to share its request. */
    waitSeconds: seconds(0, 60, 1),
  })
  .prefault({});

const orgExpected = wrong("a tenant id of Loki: up to 150 letters, digits and any of !-_.*'()|");

const loki = z.strictObject({
  kind: z.literal('loki'),
  /** Without a path, `/loki/api/v1/push` is taken. */
  url: url('http://loki:3100'),
  /** `X-Scope-OrgID`, https://grafana.com/docs/loki/latest/operations/multi-tenancy/ */
  orgId: z
    .string(orgExpected)
    .regex(/^[\w!.*'()|-]{1,150}$/, orgExpected)
    .optional(),
  /** More labels for every stream. */
  labels,
  batch,
  /**
   * What arrived longer ago is given up and counted; Loki itself refuses what is older than a week
   * (`reject_old_samples_max_age`).
   */
  maxAgeHours: seconds(1, 87_600, 167),
  /** An event that was this much later than it happened is stored under its arrival. Loki allows an hour. */
  lateSeconds: seconds(0, 31_536_000, 3_000),
  ...endpoint,
});

const otlpSignals = ['logs', 'traces', 'metrics'] as const;
const signalExpected = wrong(`one or more of ${otlpSignals.join(', ')}, each once`);

const otlp = z.strictObject({
  kind: z.literal('otlp'),
  /** The base: `/v1/logs`, `/v1/traces` and `/v1/metrics` are put behind it, as after `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  url: url('http://tempo:4318'),
  signals: z
    .array(z.enum(otlpSignals, signalExpected), signalExpected)
    .min(1, signalExpected)
    .refine((list) => new Set(list).size === list.length, signalExpected)
    .default(['logs', 'traces']),
  batch,
  /** How often metrics are pushed. */
  intervalSeconds: seconds(1, 3_600, 60),
  lateSeconds: seconds(0, 31_536_000, 3_000),
  ...endpoint,
});

const remoteWrite = z.strictObject({
  kind: z.literal('remote-write'),
  /** The whole URL: the path is `/api/v1/write` for Prometheus and `/api/v1/push` for Mimir. */
  url: url('http://mimir:9009/api/v1/push').refine(
    (text) => (parsed(text)?.pathname.length ?? 0) > 1,
    wrong('a URL with its path, such as http://mimir:9009/api/v1/push'),
  ),
  intervalSeconds: seconds(1, 3_600, 15),
  /** Labels for every series, such as `job` and `instance`; these two are set when they are left out. */
  labels,
  ...endpoint,
});

/** `outputs` of the configuration: by name, where logs, spans and metrics go beside `/metrics`. */
export const outputsSchema = z
  .record(
    z.string(),
    z.discriminatedUnion('kind', [loki, otlp, remoteWrite], wrong('loki, otlp or remote-write')),
    wrong('a mapping of names to outputs'),
  )
  .refine(
    (outputs) => Object.keys(outputs).every((name) => /^[a-zA-Z][\w-]{0,31}$/.test(name)),
    wrong('names of at most 32 letters, digits, dashes and underscores'),
  )
  .prefault({});

/** The outputs by name, as the configuration gives them. */
export type OutputsConfig = z.output<typeof outputsSchema>;
export type LokiConfig = z.output<typeof loki>;
export type OtlpConfig = z.output<typeof otlp>;
export type RemoteWriteConfig = z.output<typeof remoteWrite>;
export type BatchConfig = z.output<typeof batch>;
