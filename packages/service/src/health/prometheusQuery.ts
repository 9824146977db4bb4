/** A query that Prometheus did not answer. */
export class PrometheusQueryError extends Error {
  override readonly name = 'PrometheusQueryError';
  /** The figure that was asked for. */
  readonly figure: string;
  readonly query: string;

  constructor(figure: string, query: string, problem: string, cause?: unknown) {
    super(`${figure}: Prometheus did not answer ${query}: ${problem}`, { cause });
    this.figure = figure;
    this.query = query;
  }
}

export interface PrometheusQueryOptions {
  readonly url: string;
  readonly timeoutMs: number;
  /** The moment of the instant query, in s since 1970. */
  readonly time: number;
  readonly fetch: typeof globalThis.fetch;
  /** Sent with each query, such as `Authorization`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The one value of an instant query; `undefined` where there is no series. NaN where a division by zero stands behind it. */
export type AskPrometheus = (figure: string, query: string) => Promise<number | undefined>;

interface Answer {
  readonly status?: unknown;
  readonly error?: unknown;
  readonly data?: { readonly result?: unknown };
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null;
}

function sampleValue(text: unknown): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}

function problemOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

/** Asks Prometheus's HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries). */
export function createPrometheusQuery({
  url,
  timeoutMs,
  time,
  fetch,
  headers,
}: PrometheusQueryOptions): AskPrometheus {
  const address = `${url.replace(/\/+$/, '')}/api/v1/query`;
  return async (figure, query) => {
    const fail = (problem: string, cause?: unknown) =>
      new PrometheusQueryError(figure, query, problem, cause);
    let response: Response;
    let text: string;
    try {
      response = await fetch(address, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ query, time: String(time), timeout: `${timeoutMs}ms` }).toString(),
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = await response.text();
    } catch (error) {
      throw fail(problemOf(error, timeoutMs), error);
    }
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch (error) {
      throw fail(`status ${response.status} without JSON`, error);
    }
    if (!isAnswer(answer) || answer.status !== 'success') {
      throw fail(`status ${response.status}, ${isAnswer(answer) ? String(answer.error) : 'no object'}`);
    }
    const result = answer.data?.result;
    if (!Array.isArray(result)) throw fail('expected a list of series');
    if (result.length > 1) throw fail(`expected one series, got ${result.length}`);
    const [series]: unknown[] = result;
    if (series === undefined) return undefined;
    const sample =
      typeof series === 'object' && series !== null && 'value' in series ? series.value : undefined;
    if (!Array.isArray(sample)) throw fail('expected a value');
    return sampleValue(sample[1]);
  };
}
