import type { Metadata, Telemetry } from '@artel/telemetry-core';
import type { FieldRule, MetricsDeclaration } from '@artel/telemetry-protocol';

/**
 * Where an app says what it has declared, so that the hooks refuse anything else:
 * `declare module '@artel/telemetry-react' { interface Register { metrics: typeof metrics } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: apps fill it
export interface Register {}

/** What the app has registered, or a declaration that leaves everything open. */
export type RegisteredMetrics = Register extends { readonly metrics: infer D extends MetricsDeclaration }
  ? D
  : Record<never, never>;

type TextOf<Rule> = Rule extends readonly (infer Text)[] ? Text : Rule extends 'string' ? string : never;

type ValueOf<Rule> = Rule extends 'number' ? number : Rule extends 'boolean' ? boolean : TextOf<Rule>;

interface Optional {
  readonly optional: FieldRule;
}

type Flat<T> = { readonly [K in keyof T]: T[K] };

/** The values that a mapping of rules lets through. */
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

/** `Values` as an argument that may be left out where nothing of it is needed. */
type Argument<Values, Rest extends readonly unknown[] = []> = keyof Values extends never
  ? [none?: None, ...rest: Rest]
  : Partial<Values> extends Values
    ? [values?: Values, ...rest: Rest]
    : [values: Values, ...rest: Rest];

/** Names of the part of a declaration, or any text where the part is left out. */
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

/** With one of the two kinds declared, the other is what is declared of it: nothing, perhaps. */
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

/** Name of an action that `D` lets through. */
export type ActionOf<D> = NamesOf<D, 'actions'>;

/** What goes with an action: its metadata, that may be left out where nothing of it is needed. */
export type MetadataOf<D, Action extends string> = FieldsOf<D, Action>;

/** The verbs that record, for what `D` declares. */
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
