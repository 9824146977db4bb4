import { parser } from '@prometheus-io/lezer-promql';
import { nodesBelow, parseWith } from './syntax';

/** The metrics that an expression of PromQL without variables selects by name. */
export function namesIn(expression: string): string[] {
  const { top, textOf } = parseWith(parser, expression);
  return nodesBelow(top, 'VectorSelector').flatMap((selector) => {
    const name = selector.getChild('Identifier');
    return name ? [textOf(name)] : [];
  });
}
