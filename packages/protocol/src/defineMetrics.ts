/** The values that a label accepts: a list of texts, or any text. */
export type LabelRule = readonly string[] | 'string';

/** The values that a field of an action's metadata accepts. It is stored on the event's log line with its type. */
export type FieldRule =
  | LabelRule
  | 'number'
  | 'boolean'
  | { readonly optional: LabelRule | 'number' | 'boolean' };

/** Declares a counter of the app. */
export interface CounterDeclaration {
  /** What it counts, in one line, as Prometheus shows it. */
  readonly help: string;
  /** The labels of its series, all required; any other label is left out. */
  readonly labels?: Readonly<Record<string, LabelRule>>;
}

/** Declares a histogram of the app. */
export interface HistogramDeclaration extends CounterDeclaration {
  /** The unit of the observations. The name must end with it, as in `aim_ms`. */
  readonly unit?: 'ms' | 'seconds' | 'bytes' | 'ratio' | 'percent';
  /** Upper bounds of the buckets, ascending, without `+Inf`; the defaults of the unit if left out. */
  readonly buckets?: readonly number[];
}

/**
 * Declares what an app may record. A part that is left out accepts any text. With `counters` or `histograms`, only the
 * declared names are accepted for both.
 */
export interface MetricsDeclaration {
  /** The actions that `trackUserAction` accepts, each with the fields of its metadata. */
  readonly actions?: Readonly<Record<string, Readonly<Record<string, FieldRule>>>>;
  /** The values that `trackGameEvent` accepts. */
  readonly gameEvents?: { readonly eventTypes: readonly string[]; readonly gameTypes: readonly string[] };
  /** The counters that `count` accepts. By Prometheus' convention their names end in `_total`. */
  readonly counters?: { readonly [name: `${string}_total`]: CounterDeclaration };
  /** The histograms that `observe` accepts. */
  readonly histograms?: Readonly<Record<string, HistogramDeclaration>>;
}

/** The fields of `Given` that `Known` does not have, as `never`: a misspelt field is a type error. */
type NothingBut<Given, Known> = { readonly [K in Exclude<keyof Given, keyof Known>]: never };

type EachNothingBut<Given, Known, Name = string> = {
  readonly [K in keyof Given]: K extends Name ? NothingBut<Given[K], Known> : never;
};

/** Refuses unknown fields, which `extends` alone accepts. */
type Spelt<D extends MetricsDeclaration> = NothingBut<D, MetricsDeclaration> & {
  readonly counters?: EachNothingBut<D['counters'], CounterDeclaration, `${string}_total`>;
  readonly histograms?: EachNothingBut<D['histograms'], HistogramDeclaration>;
};

/**
 * Declares once what an app records: the types of the React hooks are derived from it, and the gateway reads it, as JSON
 * or as a module, for its catalogue. Returns its argument; its types do all the work.
 */
export function defineMetrics<const D extends MetricsDeclaration>(declaration: D & Spelt<D>): D {
  return declaration;
}
