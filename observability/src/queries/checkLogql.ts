import { parser } from '@grafana/lezer-logql';
import type { SyntaxNode } from '@lezer/common';
import type { KnownLogs } from './knownLogs';
import { childrenOf, nodesBelow, parseWith, unquote } from './syntax';

/** Names that a stage of the pipeline makes: those behind it may use them. */
function madeBy(stage: SyntaxNode, textOf: (node: SyntaxNode) => string): string[] {
  const left = nodesBelow(stage, 'LabelFormatMatcher', 'LabelExtractionExpression').flatMap((matcher) => {
    const name = matcher.getChild('Identifier');
    return name ? [textOf(name)] : [];
  });
  const captures = nodesBelow(stage, 'LabelParser')
    .flatMap((one) => nodesBelow(one, 'String'))
    .flatMap((text) => [...unquote(textOf(text)).matchAll(/\(\?P<(\w+)>|<(\w+)>/g)])
    .map(([, regexp, pattern]) => regexp ?? pattern ?? '');
  return [...left, ...captures];
}

/** Fields that a template of `line_format` or `label_format` reads: `{{.level}}`, `{{or .message .msg}}`. */
function fieldsOfTemplate(template: string): string[] {
  return [...template.matchAll(/\{\{(.*?)\}\}/g)].flatMap(([, action = '']) =>
    [...action.matchAll(/(?:^|[\s(])\.(\w+)/g)].map(([, field = '']) => field),
  );
}

/**
 * Checks an expression without variables against the grammar of LogQL and against what is known of the lines: labels of
 * the selector, and fields of filters, templates, groupings and `unwrap`. Answers what is wrong.
 */
export function checkLogql(expression: string, known: KnownLogs): string[] {
  const { top, textOf, fault } = parseWith(parser, expression);
  if (fault !== undefined) return [fault];
  const problems = new Set<string>();
  const selectors = nodesBelow(top, 'Selector');
  if (selectors.length === 0) return ['syntax: expected a selector such as {service="gateway"}'];
  for (const selector of selectors) {
    for (const matcher of nodesBelow(selector, 'Matcher')) {
      const name = matcher.getChild('Identifier');
      if (name && !known.labels.has(textOf(name)))
        problems.add(`{${textOf(name)}}: no stream has that label`);
    }
  }

  const made = new Set(nodesBelow(top, 'PipelineStage').flatMap((stage) => madeBy(stage, textOf)));
  const expectField = (field: string, where: string): void => {
    if (!known.fields.has(field) && !made.has(field))
      problems.add(`${where} ${field}: no line has that field`);
  };
  for (const filter of nodesBelow(top, 'LabelFilter')) {
    for (const child of childrenOf(filter)) {
      const name = child.name === 'LabelFilter' ? null : child.getChild('Identifier');
      if (name) expectField(textOf(name), 'filter');
    }
  }
  for (const node of nodesBelow(top, 'UnwrapExpr', 'DropLabel', 'KeepLabel')) {
    for (const name of node.getChildren('Identifier')) expectField(textOf(name), 'stage');
  }
  for (const grouping of nodesBelow(top, 'Grouping')) {
    for (const name of nodesBelow(grouping, 'Identifier')) expectField(textOf(name), 'by');
  }
  for (const format of nodesBelow(top, 'LineFormatExpr', 'LabelFormatMatcher')) {
    for (const template of nodesBelow(format, 'String')) {
      for (const field of fieldsOfTemplate(unquote(textOf(template)))) expectField(field, 'template');
    }
  }
  return [...problems];
}
