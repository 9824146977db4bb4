/** What stands for the variables of an expression, by name without the `$`. */
export type VariableValues = Readonly<Record<string, string>>;

/**
 * Fills in `$name`, `${name}` and `${name:format}` as Grafana does. Throws an error that names a variable of which the
 * value is not known: Grafana would leave it as it stands, and the data source would refuse it.
 */
export function interpolate(expression: string, values: VariableValues): string {
  return expression.replace(
    /\$(?:\{([\w.]+)(?::\w+)?\}|(\w+))/g,
    (whole: string, braced: string | undefined, bare: string | undefined) => {
      const name = braced ?? bare ?? '';
      // `$1` is a group of label_replace.
      if (/^\d+$/.test(name)) return whole;
      const value = values[name];
      if (value === undefined) throw new Error(`$${name} is no variable: ${expression}`);
      return value;
    },
  );
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Ms of a duration such as `5s` or `1d`. Throws an error that quotes what is none. */
export function durationMs(text: string): number {
  const [, amount, unit = ''] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  const scale = UNIT_MS[unit];
  if (amount === undefined || scale === undefined)
    throw new Error(`expected a duration such as 5s, got "${text}"`);
  return Number(amount) * scale;
}

/** The time that a query is about, and how dense its points are; all in ms. */
export interface QueryTime {
  readonly rangeMs: number;
  /** What the panel, or else the data source, asks at least. */
  readonly minIntervalMs: number;
  /** Between two scrapes, as the data source's `timeInterval` says. */
  readonly scrapeMs: number;
  /** The most points that fit; a panel's width in pixels. */
  readonly maxPoints: number;
}

/** The step of a query and its built-in variables, https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/#use-__rate_interval */
export function queryTime({ rangeMs, minIntervalMs, scrapeMs, maxPoints }: QueryTime): {
  readonly stepMs: number;
  readonly values: VariableValues;
} {
  const stepMs = Math.max(Math.ceil(rangeMs / maxPoints), minIntervalMs, 1);
  const rateMs = Math.max(stepMs + scrapeMs, 4 * scrapeMs);
  return {
    stepMs,
    values: {
      __interval: `${stepMs}ms`,
      __interval_ms: String(stepMs),
      __rate_interval: `${rateMs}ms`,
      __range: `${Math.round(rangeMs / 1_000)}s`,
      __range_s: String(Math.round(rangeMs / 1_000)),
      __range_ms: String(rangeMs),
    },
  };
}
