import type { OneOf, Query } from './query';

/**
 * A text of LogQL, whose strings are Go's: JSON's escapes are among theirs, but for half a character, which is none there.
 * https://go.dev/ref/spec#String_literals
 */
function quoted(text: string): string {
  return JSON.stringify(text.replace(/\p{Cs}/gu, '\ufffd'));
}

/** The text as RE2 reads it literally. */
function literal(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

function matcher({ name, values }: OneOf): string {
  const [first = ''] = values;
  if (values.length === 1) return `${name}=${quoted(first)}`;
  // Of labels and fields alike, the whole value has to match.
  return `${name}=~${quoted(values.map(literal).join('|'))}`;
}

/**
 * The query in LogQL, for Grafana, logcli and Loki's API. Whatever a parameter holds stays inside its string.
 *
 * A comparison lets lines pass that have no number there, or are no JSON, and only marks them with `__error__`: those are
 * left out, as nobody has asked for them. https://grafana.com/docs/loki/latest/query/#pipeline-errors
 */
export function toLogql({ labels, contains, fields, whole, template }: Query): string {
  const hasNumbers = fields.some((field) => 'above' in field);
  return [
    `{${labels.map(matcher).join(', ')}}`,
    ...contains.map((text) => `|= ${quoted(text)}`),
    '| json',
    ...(whole.length > 0 ? [`| json ${whole.map((name) => `${name}=${quoted(name)}`).join(', ')}`] : []),
    ...fields.map((field) => ('above' in field ? `| ${field.name} > ${field.above}` : `| ${matcher(field)}`)),
    hasNumbers ? '| __error__=""' : '| drop __error__, __error_details__',
    `| line_format ${quoted(template)}`,
  ].join(' ');
}

export interface QueryRange {
  /** Unix time in ns; the first belongs to it, the second does not. */
  readonly from: bigint;
  readonly to: bigint;
  /** The newest lines, so many at the most. */
  readonly limit: number;
}

/** The path and parameters of Loki's API that ask it. https://grafana.com/docs/loki/latest/reference/loki-http-api/#query-logs-within-a-range-of-time */
export function toQueryRange(query: Query, { from, to, limit }: QueryRange): string {
  const parameters = new URLSearchParams({
    query: toLogql(query),
    start: String(from),
    end: String(to),
    limit: String(limit),
    direction: 'backward',
  });
  return `/loki/api/v1/query_range?${parameters}`;
}
