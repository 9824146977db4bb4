import { z } from 'zod';
import { DAY, parseDuration } from '../duration';

const wrong = (expected: string) => ({ error: `expected ${expected}` });

const durationExpected = wrong('a duration such as 15s, 90d or 2y');
const duration = z.string(durationExpected).transform((text, context): number => {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  context.addIssue({ code: 'custom', message: durationExpected.error });
  return z.NEVER;
});

const share = (what: string) => {
  const expected = wrong(`${what} from 0 to 1`);
  return z.number(expected).min(0, expected).max(1, expected);
};

const positive = (what: string) => {
  const expected = wrong(`${what} above 0`);
  return z.number(expected).positive(expected);
};

const labelExpected = wrong(
  'one label with the values that choose the policy, such as { level: [error, fatal] }',
);
const labelValue = z.string(labelExpected).regex(/^[\w.:/-]{1,128}$/, labelExpected);
/** More than one label would have an opposite that no stream selector can say, and deletion has to say it. */
const streams = z
  .record(
    z.string().regex(/^(?!__)[a-zA-Z_]\w*$/, labelExpected),
    z.array(labelValue, labelExpected).min(1, labelExpected),
    labelExpected,
  )
  .refine((map) => Object.keys(map).length === 1, labelExpected)
  .transform((map) => {
    const [entry] = Object.entries(map);
    return { label: entry?.[0] ?? '', values: entry?.[1] ?? [] };
  });

const logPolicy = z.strictObject({
  streams: streams.optional(),
  hot_tier: duration,
  warm_tier: duration,
  cold_tier: duration,
  // https://grafana.com/docs/loki/latest/operations/storage/retention/: Loki keeps nothing for less.
  deletion: duration.refine((ms) => ms >= DAY, wrong('24h or more, the least that Loki can keep')),
  volume_share: share('a share of all bytes'),
});

const level = z.strictObject({ resolution: duration, retention: duration });

const levelsExpected = wrong('a list of { resolution, retention }');

const seriesExpected = wrong('a list of metrics of the catalogue, or catalogue, recorded or rest');
const metricPolicy = z.strictObject({
  series: z.union(
    [z.enum(['catalogue', 'recorded', 'rest']), z.array(z.string(), seriesExpected).min(1, seriesExpected)],
    seriesExpected,
  ),
  retention: duration,
  /** Made by rules that are generated. */
  downsampling: z.array(level, levelsExpected).default([]),
  /** Made by rules of others, and known by the end of their name. */
  levels: z.array(level, levelsExpected).default([]),
  series_share: share('a share of all series'),
});

const tenantExpected = wrong('a tenant of Tempo: up to 150 letters, digits and any of !-_.*');
const tracePolicy = z.strictObject({
  tenant: z.string(tenantExpected).regex(/^[\w!.*-]{1,150}$/, tenantExpected),
  sampling_rate: share('a share of the traces'),
  retention: duration,
  volume_share: share('a share of all spans'),
});

const tier = z.strictObject({
  type: z.string(wrong('the kind of storage, in words')),
  cost_per_gb_month: z.number(wrong('dollars')).min(0, wrong('dollars, 0 or more')),
});

const dollars = z.number(wrong('dollars')).min(0, wrong('dollars, 0 or more'));

/** The chunk encodings of Loki, https://grafana.com/docs/loki/latest/configure/#ingester */
const encodings = [
  'none',
  'gzip',
  'lz4-64k',
  'lz4-256k',
  'lz4-1M',
  'lz4',
  'snappy',
  'flate',
  'zstd',
] as const;

const named = <Value extends z.ZodType>(value: Value, what: string) =>
  z.record(
    z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, wrong('names of small letters, digits and _')),
    value,
    wrong(what),
  );

/** The policy file, field by field; what ties fields together is in `policyContradictions`. */
export const policySchema = z.strictObject({
  retention_policies: z.strictObject({
    logs: named(logPolicy, 'a mapping of names to log policies'),
    metrics: named(metricPolicy, 'a mapping of names to metric policies'),
    traces: z.strictObject({ traces: tracePolicy, error_traces: tracePolicy }),
  }),
  cleanup: z.strictObject({
    grace: duration,
    max_clock_skew: duration,
    plan_expires: duration,
  }),
  cost_optimization: z.strictObject({
    compression: z.strictObject({
      algorithm: z.enum(encodings, wrong(`one of ${encodings.join(', ')}`)),
      ratio: positive('a ratio'),
      bytes_per_sample: positive('bytes'),
      trace_ratio: positive('a ratio'),
    }),
    storage_tiers: z.strictObject({ hot: tier, warm: tier, cold: tier }),
    stated_costs: z.strictObject({
      logs_gb_per_day: positive('GB'),
      logs_monthly: dollars,
      metrics_monthly: dollars,
      traces_monthly: dollars,
      total_monthly: dollars,
    }),
  }),
});

/** The policies; durations are in ms. */
export type Policies = z.output<typeof policySchema>;
export type LogPolicy = z.output<typeof logPolicy>;
export type MetricPolicy = z.output<typeof metricPolicy>;
export type TracePolicy = z.output<typeof tracePolicy>;
