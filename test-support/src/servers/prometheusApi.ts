/** One series of an answer; `values` of a range, of an instant the one. Times are Unix seconds. */
export interface AnsweredSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [time: number, value: string])[];
}

interface RawSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

interface RawAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly resultType: string; readonly result: readonly RawSeries[] };
}

/** The exemplars of one series. */
interface SeriesExemplars {
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly exemplars: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: string;
    readonly timestamp: number;
  }[];
}

/** The part of Prometheus's HTTP API that dashboards and tests ask. https://prometheus.io/docs/prometheus/latest/querying/api/ */
export interface PrometheusApi {
  instant(query: string, time?: number): Promise<readonly AnsweredSeries[]>;
  range(
    query: string,
    range: { readonly start: number; readonly end: number; readonly step: number },
  ): Promise<readonly AnsweredSeries[]>;
  labelValues(label: string, match?: string): Promise<readonly string[]>;
  /** Ms of the processor that Prometheus itself has used: on a busy machine the clock goes on for others too. */
  processorTime(): Promise<number>;
  /** The one value that an expression comes to now, or `undefined` where it has none. */
  value(query: string): Promise<number | undefined>;
  /** The exemplars of an expression's series, of all times unless two are given. */
  exemplars(query: string, start?: number, end?: number): Promise<readonly SeriesExemplars[]>;
}

/** Makes a client of the Prometheus at `url`. What it refuses is thrown, with the expression. */
export function createPrometheusApi(url: string): PrometheusApi {
  async function ask(path: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
    const response = await fetch(`${url}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${parameters['query']}: ${JSON.stringify(answer)}`);
    return answer;
  }
  async function series(path: string, parameters: Readonly<Record<string, string>>) {
    // Prometheus answers in the shape of its documented API.
    const { data } = (await ask(path, parameters)) as RawAnswer;
    if (data?.resultType === 'scalar') throw new Error(`${parameters['query']} is a scalar`);
    return (data?.result ?? []).map(({ metric, value, values }) => ({
      metric,
      values: values ?? (value ? [value] : []),
    }));
  }
  return {
    instant: (query, time) => series('query', { query, ...(time ? { time: String(time) } : {}) }),
    range: (query, { start, end, step }) =>
      series('query_range', { query, start: String(start), end: String(end), step: String(step) }),
    async processorTime() {
      const text = await (await fetch(`${url}/metrics`)).text();
      const [, seconds] = /^process_cpu_seconds_total (\S+)$/m.exec(text) ?? [];
      if (seconds === undefined) throw new Error(`${url}/metrics has no process_cpu_seconds_total`);
      return Number(seconds) * 1_000;
    },
    async labelValues(label, match) {
      const filter = match === undefined ? '' : `?${new URLSearchParams({ 'match[]': match })}`;
      const response = await fetch(`${url}/api/v1/label/${label}/values${filter}`);
      const { data = [] } = (await response.json()) as { data?: readonly string[] };
      return data;
    },
    async value(query) {
      const [first] = await series('query', { query });
      const value = first?.values[0]?.[1];
      return value === undefined ? undefined : Number(value);
    },
    async exemplars(query, start = 0, end = 9_999_999_999) {
      const range = { start: String(start), end: String(end) };
      const answer = (await ask('query_exemplars', { query, ...range })) as {
        data?: readonly SeriesExemplars[];
      };
      return answer.data ?? [];
    },
  };
}
