import type { SyntaxNode } from '@lezer/common';
import type { LRParser } from '@lezer/lr';

/** One expression, parsed: its tree, and the text of any of its nodes. */
export interface Parsed {
  readonly top: SyntaxNode;
  textOf(node: SyntaxNode): string;
  /** The first place that the grammar does not allow, in words; `undefined` where there is none. */
  readonly fault: string | undefined;
}

/** Parses an expression with a grammar. Never throws: lezer's parsers mend what is wrong and mark it. */
export function parseWith(parser: LRParser, expression: string): Parsed {
  const tree = parser.parse(expression);
  let fault: string | undefined;
  tree.iterate({
    enter(node) {
      if (!node.type.isError || fault !== undefined) return;
      const found = expression.slice(node.from, node.from + 20);
      fault = `syntax: unexpected ${found === '' ? 'end' : JSON.stringify(found)} at ${node.from}`;
    },
  });
  return {
    top: tree.topNode,
    textOf: (node) => expression.slice(node.from, node.to),
    fault,
  };
}

/** The children of a node, in order. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

/** All nodes of some names below a node, in order, nested ones too. */
export function nodesBelow(node: SyntaxNode, ...names: readonly string[]): SyntaxNode[] {
  return childrenOf(node).flatMap((child) => [
    ...(names.includes(child.name) ? [child] : []),
    ...nodesBelow(child, ...names),
  ]);
}

/** What a string literal of PromQL or LogQL says, in double or single quotes or backticks. */
export function unquote(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner;
  return inner.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}
