import { parser } from '@grafana/lezer-traceql';
import type { SyntaxNode } from '@lezer/common';
import { nodesBelow, parseWith } from './syntax';

/**
 * Attributes of the spans that the service toolkit and the browser client send. Their names are OpenTelemetry's,
 * https://opentelemetry.io/docs/specs/semconv/, and `game.*` of our own.
 */
export const knownAttributes: ReadonlySet<string> = new Set([
  ...['resource.service.name', 'resource.service.version', 'resource.deployment.environment.name'],
  ...['span.http.request.method', 'span.http.route', 'span.http.response.status_code', 'span.error.type'],
  'span.game.session_id',
]);

/**
 * Checks an expression without variables against the grammar of TraceQL and against the attributes that spans of ours
 * have. Answers what is wrong. An attribute without `span.` or `resource.` is taken for a fault: Tempo then reads both.
 */
export function checkTraceql(expression: string, known: ReadonlySet<string> = knownAttributes): string[] {
  const { top, textOf, fault } = parseWith(parser, expression);
  if (fault !== undefined) return [fault];
  const nameOf = (node: SyntaxNode) => textOf(node).trim();
  const unknown = nodesBelow(top, 'AttributeField')
    .map(nameOf)
    .filter((name) => !known.has(name));
  return [...new Set(unknown)].map((name) => `${name}: no span of ours has that attribute`);
}
