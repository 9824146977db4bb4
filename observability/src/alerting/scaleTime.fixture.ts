import { formatDuration, parseDuration } from '@artel/telemetry-ops';
import { parser } from '@prometheus-io/lezer-promql';
import { type Document, isMap, isScalar, isSeq, parseDocument, visit } from 'yaml';

/** How many times faster time goes: a wait of five minutes takes fifteen seconds at 20. */
export type Factor = number;

/** A duration divided by `factor`; what was longer than nothing stays so. Throws an error that quotes what is none. */
export function scaleDuration(text: string, factor: Factor): string {
  const ms = parseDuration(text);
  if (ms === undefined) throw new Error(`"${text}" must be a duration such as 30s, 5m or 1h30m`);
  return formatDuration(ms === 0 ? 0 : Math.max(1, Math.round(ms / factor)), 'h');
}

/**
 * Divides the ranges, resolutions and offsets of a PromQL expression by `factor`. Thresholds, labels and comments stay to the letter.
 * Throws an error that quotes what is no PromQL.
 */
export function scaleExpression(expression: string, factor: Factor): string {
  let scaled = '';
  let done = 0;
  parser.parse(expression).iterate({
    enter({ name, type, from, to }) {
      if (type.isError) {
        const place = expression.slice(Math.max(0, from - 20), to + 20);
        throw new Error(`no PromQL near "${place}" in ${expression}`);
      }
      if (name !== 'NumberDurationLiteralInDurationContext') return;
      scaled += expression.slice(done, from) + scaleDuration(expression.slice(from, to), factor);
      done = to;
    },
  });
  return scaled + expression.slice(done);
}

type Scaling = (text: string, factor: Factor) => string;

function scaleFields(
  document: Document,
  scalings: Readonly<Record<string, Scaling>>,
  factor: Factor,
): string {
  if (document.errors[0]) throw document.errors[0];
  visit(document, {
    Pair(_, { key, value }) {
      // Whatever is written under these is a text of its own.
      if (isScalar(key) && (key.value === 'annotations' || key.value === 'labels')) return visit.SKIP;
      if (!isScalar(key) || typeof key.value !== 'string' || !isScalar(value)) return undefined;
      const scaling = Object.hasOwn(scalings, key.value) ? scalings[key.value] : undefined;
      if (scaling) value.value = scaling(String(value.value), factor);
      return undefined;
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Copies a file of Prometheus' rules with every duration divided by `factor`: of the expressions, `for`, `keep_firing_for`, `interval`. */
export function scaleRules(yaml: string, factor: Factor): string {
  const document = parseDocument(yaml);
  const groups = document.get('groups');
  if (document.errors.length === 0 && !(isMap(document.contents) && isSeq(groups)))
    throw new Error('groups must be a list of rule groups');
  return scaleFields(
    document,
    {
      expr: scaleExpression,
      for: scaleDuration,
      keep_firing_for: scaleDuration,
      interval: scaleDuration,
      query_offset: scaleDuration,
    },
    factor,
  );
}

/** Copies Alertmanager's configuration with its waits divided by `factor`. Mute times are hours of the day, and stay. */
export function scaleAlertmanager(yaml: string, factor: Factor): string {
  return scaleFields(
    parseDocument(yaml, { merge: true }),
    {
      group_wait: scaleDuration,
      group_interval: scaleDuration,
      repeat_interval: scaleDuration,
      resolve_timeout: scaleDuration,
    },
    factor,
  );
}
