/** What a label may be: one of a list of texts, or any text. */
export type LabelRule = readonly string[] | 'string';

/** What a field of an action's metadata may be; it goes to the event's log line, where numbers stay numbers. */
export type FieldRule =
  | LabelRule
  | 'number'
  | 'boolean'
  | { readonly optional: LabelRule | 'number' | 'boolean' };

/** A counter of the app's own. */
export interface CounterDeclaration {
  /** What it counts, in one line: Prometheus shows it. */
  readonly help: string;
  /** The labels that become series labels; any other is left out. Every one is asked for. */
  readonly labels?: Readonly<Record<string, LabelRule>>;
}

/** A histogram of the app's own. */
export interface HistogramDeclaration extends CounterDeclaration {
  /** What is observed is in this unit, which then is the end of the name, as in `aim_ms`. */
  readonly unit?: 'ms' | 'seconds' | 'bytes' | 'ratio' | 'percent';
  /** Upper bounds of the buckets, ascending, without `+Inf`; those of the unit when left out. */
  readonly buckets?: readonly number[];
}

/**
 * What an app may record. A part that is left out is left open: any text will do there. With `counters` or `histograms`
 * there, the names of both are those declared.
 */
export interface MetricsDeclaration {
  /** What `trackUserAction` takes, each action with the fields of its metadata. */
  readonly actions?: Readonly<Record<string, Readonly<Record<string, FieldRule>>>>;
  /** What `trackGameEvent` takes. */
  readonly gameEvents?: { readonly eventTypes: readonly string[]; readonly gameTypes: readonly string[] };
  /** What `count` takes; Prometheus wants the names to end in `_total`. */
  readonly counters?: { readonly [name: `${string}_total`]: CounterDeclaration };
  /** What `observe` takes. */
  readonly histograms?: Readonly<Record<string, HistogramDeclaration>>;
}

/** Every field of `Given` that `Known` does not have, as one that cannot be: a misspelt word is an error of types. */
type NothingBut<Given, Known> = { readonly [K in Exclude<keyof Given, keyof Known>]: never };

type EachNothingBut<Given, Known, Name = string> = {
  readonly [K in keyof Given]: K extends Name ? NothingBut<Given[K], Known> : never;
};

/** Refuses what a declaration has no place for, which `extends` alone lets pass. */
type Spelt<D extends MetricsDeclaration> = NothingBut<D, MetricsDeclaration> & {
  readonly counters?: EachNothingBut<D['counters'], CounterDeclaration, `${string}_total`>;
  readonly histograms?: EachNothingBut<D['histograms'], HistogramDeclaration>;
};

/**
 * Declares what an app records, once: the types of the React hooks are made of it, and the gateway reads it, as JSON or
 * as a module, for its catalogue. Answers what it is given; all it does is done by its types.
 */
export function defineMetrics<const D extends MetricsDeclaration>(declaration: D & Spelt<D>): D {
  return declaration;
}
