import { z } from 'zod';
import { type Params, type StoreClient, StoreError } from './storeClient';

const sample = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
const matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: labels, values: z.array(sample) })),
});
const scalar = z.object({ resultType: z.literal('scalar'), result: sample });
const vector = z.object({
  resultType: z.literal('vector'),
  result: z.array(z.object({ metric: labels, value: sample })),
});
const rules = z.object({
  groups: z.array(
    z.object({ rules: z.array(z.object({ name: z.string(), health: z.string().optional() })) }),
  ),
});

/** A value at a time, in Unix ms. */
type Point = readonly [at: number, value: number];

type Labels = Readonly<Record<string, string>>;

/** Prometheus' HTTP API, as far as retention needs it. Times are Unix ms. https://prometheus.io/docs/prometheus/latest/querying/api/ */
export interface Prometheus {
  readonly url: string;
  /** The server's own clock. */
  time(): Promise<number>;
  /** Times of the oldest sample and of the newest; `undefined` where it has none. */
  span(): Promise<{ readonly oldest: number | undefined; readonly newest: number | undefined }>;
  flags(): Promise<Readonly<Record<string, string>>>;
  /** Names of the recording and alerting rules that are loaded, with their health. */
  rules(): Promise<ReadonlyMap<string, string>>;
  labelNames(): Promise<readonly string[]>;
  labelValues(name: string, from?: number, to?: number): Promise<readonly string[]>;
  series(selector: string, from: number, to: number): Promise<readonly Labels[]>;
  /** The one series that an expression comes to, at each step; none where it has no value. */
  range(expr: string, from: number, to: number, step: number): Promise<readonly Point[]>;
  /** The samples of a range selector at a time. */
  samples(selector: string, at: number): Promise<readonly Point[]>;
  /** The values of an instant vector. */
  instant(expr: string, at?: number): Promise<readonly { readonly metric: Labels; readonly value: number }[]>;
  /**
   * A window of PromQL with as many ms as `length`: up to version 2 a window holds both of its ends.
   * https://prometheus.io/docs/prometheus/latest/migration/#range-selectors-and-lookback-exclude-samples-coinciding-with-the-left-boundary
   */
  window(length: number): Promise<string>;
  deleteSeries(selector: string, from: number, to: number): Promise<void>;
  cleanTombstones(): Promise<void>;
}

/** The most points of a series that Prometheus returns at once. */
const MAX_POINTS = 11_000;

const iso = (at: number): string => new Date(at).toISOString();

export function createPrometheus(client: StoreClient): Prometheus {
  const asked = async <Data>(path: string, params: Params, data: z.ZodType<Data>): Promise<Data> => {
    const text = await client.post(path, params);
    return readData(path, text, data);
  };
  const got = async <Data>(path: string, params: Params, data: z.ZodType<Data>): Promise<Data> =>
    readData(path, await client.send('GET', path, params), data);

  function readData<Data>(path: string, text: string, data: z.ZodType<Data>): Data {
    const answer = z.object({ status: z.literal('success'), data });
    const parsed = answer.safeParse(parse(text));
    if (parsed.success) return parsed.data.data;
    throw new StoreError(`${client.name} at ${client.url}: ${path}: not the answer that was expected`);
  }

  let major: Promise<number> | undefined;
  const majorVersion = (): Promise<number> => {
    major ??= got('/api/v1/status/buildinfo', [], z.object({ version: z.string() })).then(({ version }) =>
      Number.parseInt(version, 10),
    );
    return major;
  };

  const prometheus: Prometheus = {
    url: client.url,
    async time() {
      const { result } = await asked('/api/v1/query', [['query', 'time()']], scalar);
      return Math.round(Number(result[1]) * 1_000);
    },
    async span() {
      const text = await client.send('GET', '/metrics');
      const read = (name: string): number | undefined => {
        const value = Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN);
        // An empty database reports the ends of all time.
        return Number.isFinite(value) && Math.abs(value) < 1e12 ? value : undefined;
      };
      const newest = read('prometheus_tsdb_head_max_time_seconds');
      return {
        oldest: inMs(read('prometheus_tsdb_lowest_timestamp_seconds')),
        newest: newest !== undefined && newest > 0 ? inMs(newest) : undefined,
      };
    },
    flags: () => got('/api/v1/status/flags', [], labels),
    async rules() {
      const { groups } = await got('/api/v1/rules', [], rules);
      return new Map(
        groups.flatMap((group) => group.rules.map(({ name, health = 'unknown' }) => [name, health])),
      );
    },
    labelNames: () => got('/api/v1/labels', [], z.array(z.string())),
    labelValues: (name, from, to) =>
      got(
        `/api/v1/label/${encodeURIComponent(name)}/values`,
        from === undefined || to === undefined
          ? []
          : [
              ['start', iso(from)],
              ['end', iso(to)],
            ],
        z.array(z.string()),
      ),
    series: (selector, from, to) =>
      asked(
        '/api/v1/series',
        [
          ['match[]', selector],
          ['start', iso(from)],
          ['end', iso(to)],
        ],
        z.array(labels),
      ),
    async range(expr, from, to, step) {
      const points: Point[] = [];
      for (let at = from; at <= to; at += step * MAX_POINTS) {
        const end = Math.min(to, at + step * (MAX_POINTS - 1));
        const params: Params = [
          ['query', expr],
          ['start', iso(at)],
          ['end', iso(end)],
          ['step', String(step / 1_000)],
        ];
        const { result } = await asked('/api/v1/query_range', params, matrix);
        for (const { values } of result)
          for (const [seconds, value] of values) points.push([Math.round(seconds * 1_000), Number(value)]);
      }
      return points;
    },
    async samples(selector, at) {
      const { result } = await asked(
        '/api/v1/query',
        [
          ['query', selector],
          ['time', iso(at)],
        ],
        matrix,
      );
      return result.flatMap(({ values }) =>
        values.map(([seconds, value]): Point => [Math.round(seconds * 1_000), Number(value)]),
      );
    },
    async instant(expr, at) {
      const params: Params = [['query', expr], ...(at === undefined ? [] : [['time', iso(at)] as const])];
      const { result } = await asked('/api/v1/query', params, vector);
      return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    window: async (length) => `${(await majorVersion()) >= 3 ? length : length - 1}ms`,
    async deleteSeries(selector, from, to) {
      await client.send('POST', '/api/v1/admin/tsdb/delete_series', [
        ['match[]', selector],
        ['start', iso(from)],
        ['end', iso(to)],
      ]);
    },
    async cleanTombstones() {
      await client.send('POST', '/api/v1/admin/tsdb/clean_tombstones');
    },
  };
  return prometheus;
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1_000);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
