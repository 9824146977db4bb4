import { parser } from '@prometheus-io/lezer-promql';

/** What Prometheus's own grammar makes of an expression. */
export interface ReadPromQl {
  /** Text from the first place on that the grammar does not understand. */
  readonly fault: string | undefined;
  /** Names of the metrics that it asks for. Those of a matcher on `__name__` are not among them. */
  readonly metrics: readonly string[];
}

/** Parses an expression by the grammar that Prometheus's web interface uses. */
export function readPromQl(expression: string): ReadPromQl {
  const metrics = new Set<string>();
  let fault: string | undefined;
  parser.parse(expression).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) fault ??= expression.slice(from, from + 40) || 'its end';
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') {
        metrics.add(expression.slice(from, to));
      }
    },
  });
  return { fault, metrics: [...metrics] };
}
