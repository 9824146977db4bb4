import type { Metadata, Telemetry } from '@artel/telemetry-core';
import type { FieldRule, MetricsDeclaration } from '@artel/telemetry-protocol';

/**
 * An app registers its declaration here, so that the hooks accept nothing else:
 * `declare module '@artel/telemetry-react' { interface Register { metrics: typeof metrics } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: apps extend it
export interface Register {}

/** What the app has registered, or a declaration that allows everything. */
export type RegisteredMetrics = Register extends { readonly metrics: infer D extends MetricsDeclaration }
  ? D
  : Record<never, never>;

type TextOf<Rule> = Rule extends readonly (infer Text)[] ? Text : Rule extends 'string' ? string : never;

type ValueOf<Rule> = Rule extends 'number' ? number : Rule extends 'boolean' ? boolean : TextOf<Rule>;

interface Optional {
  readonly optional: FieldRule;
}

type Flat<T> = { readonly [K in keyof T]: T[K] };

/** The values that satisfy a mapping of rules. */
type ValuesOf<Rules> = Flat<
  { readonly [K in keyof Rules as Rules[K] extends Optional ? never : K]: ValueOf<Rules[K]> } & {
    readonly [K in keyof Rules as Rules[K] extends Optional ? K : never]?: Rules[K] extends {
      readonly optional: infer Rule;
    }
      ? ValueOf<Rule>
      : never;
  }
>;

type None = Readonly<Record<string, never>>;

/** `Values` as an argument, optional if none of them is required. */
type Argument<Values, Rest extends readonly unknown[] = []> = keyof Values extends never
  ? [none?: None, ...rest: Rest]
  : Partial<Values> extends Values
    ? [values?: Values, ...rest: Rest]
    : [values: Values, ...rest: Rest];

/** Names in a part of a declaration, or any text if it has no such part. */
type NamesOf<D, Part extends string> = D extends { readonly [P in Part]: infer Names }
  ? keyof Names & string
  : string;

type RulesOf<D, Part extends string, Name extends string> = D extends {
  readonly [P in Part]: infer Names;
}
  ? Name extends keyof Names
    ? Names[Name]
    : never
  : never;

type FieldsOf<D, Action extends string> = D extends { readonly actions: object }
  ? Argument<ValuesOf<RulesOf<D, 'actions', Action>>>
  : [metadata?: Metadata];

type TypesOf<D, Part extends string> = D extends {
  readonly gameEvents: { readonly [P in Part]: infer Types };
}
  ? TextOf<Types>
  : string;

/** Once counters or histograms are declared, neither kind accepts other names. */
type IsOwn<D> = D extends { readonly counters: object } | { readonly histograms: object } ? true : false;

type OwnNames<D, Part extends string> =
  IsOwn<D> extends true ? (D extends { readonly [P in Part]: object } ? NamesOf<D, Part> : never) : string;

type LabelsOf<D, Part extends string, Name extends string> =
  RulesOf<D, Part, Name> extends {
    readonly labels: infer Rules;
  }
    ? ValuesOf<Rules>
    : Record<never, never>;

type OwnLabels<D, Part extends string, Name extends string, Rest extends readonly unknown[] = []> =
  IsOwn<D> extends true ? Argument<LabelsOf<D, Part, Name>, Rest> : [labels?: Metadata, ...rest: Rest];

/** Name of an action in `D`. */
export type ActionOf<D> = NamesOf<D, 'actions'>;

/** The metadata of an action as an argument, optional if none of it is required. */
export type MetadataOf<D, Action extends string> = FieldsOf<D, Action>;

/** The methods that record, for what `D` declares. */
export interface TypedMetrics<D> extends Pick<Telemetry, 'trackPageLoad' | 'trackApiCall' | 'trackError'> {
  /** Counts `user_action_total{action,page}`; the metadata goes to one log line. */
  trackUserAction<Action extends ActionOf<D>>(action: Action, ...metadata: MetadataOf<D, Action>): void;
  /** Counts `game_event_total{event_type,game_type}`; the session id goes to the event's log line. */
  trackGameEvent(
    eventType: TypesOf<D, 'eventTypes'>,
    gameType: TypesOf<D, 'gameTypes'>,
    sessionId: string,
  ): void;
  /** Adds `n` (1) to a counter. */
  count<Name extends OwnNames<D, 'counters'>>(
    name: Name,
    ...labels: OwnLabels<D, 'counters', Name, [n?: number]>
  ): void;
  /** Adds one observation to a histogram. */
  observe<Name extends OwnNames<D, 'histograms'>>(
    name: Name,
    value: number,
    ...labels: OwnLabels<D, 'histograms', Name>
  ): void;
}
