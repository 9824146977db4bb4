/** One of the values; a value that an entry does not have is the empty text. */
export interface OneOf {
  readonly name: string;
  readonly values: readonly string[];
}

/** A number above this one. What is no number is not above anything. */
export interface Above {
  readonly name: string;
  readonly above: number;
}

/**
 * A question with its parameters filled in. `toLogql` says it to Loki, `matchQuery` to the embedded store: the same
 * conditions, so that both give the same lines.
 */
export interface Query {
  /** On labels, by which streams are chosen. At least one. */
  readonly labels: readonly OneOf[];
  /** Texts that the line holds, in the case that they have. */
  readonly contains: readonly string[];
  /** On the fields of the line. */
  readonly fields: readonly (OneOf | Above)[];
  /** Objects of the line that the template shows as JSON. */
  readonly whole: readonly string[];
  /** How a line is shown: text with `{{.field}}` and `{{or .field .other __line__}}`, a small part of Go's templates. */
  readonly template: string;
}
