import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { type Matching, matchVectors } from './matchVectors';
import type { KnownSample, KnownSamples } from './sample';
import { childrenOf, nodesBelow, type Parsed, parseWith, unquote } from './syntax';

/** What is wrong with an expression, and the labels that its result can have. */
export interface PromqlCheck {
  readonly problems: readonly string[];
  /** `undefined` where anything may come: no metric was named, or the expression is a number. */
  readonly labels: ReadonlySet<string> | undefined;
}

/** A part of an expression: the labels that its series can have, and the sample that it selects if it does just that. */
interface Part {
  readonly type: 'vector' | 'scalar' | 'string';
  readonly labels: ReadonlySet<string> | undefined;
  readonly sample?: KnownSample;
}

const scalar: Part = { type: 'scalar', labels: undefined };
const none: ReadonlySet<string> = new Set();

/** Functions whose argument has to be a counter: on a gauge they take each fall for a restart. */
const OF_COUNTERS = new Set(['rate', 'irate', 'increase', 'resets']);
/** Without an argument, these are about the time of evaluation. */
const OF_TIME = /^(?:minute|hour|day_of_(?:week|month|year)|days_in_month|month|year)$/;
const PASSED = new Set([
  'OffsetExpr',
  'StepInvariantExpr',
  'ParenExpr',
  'MatrixSelector',
  'SubqueryExpr',
  'UnaryExpr',
]);
const AGGREGATED_WITH_LABELS = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio']);

/**
 * Checks an expression without variables against the grammar and against the known samples: names, labels of matchers
 * and of `by`, `on` and their like, `rate()` of what is no counter, and operands that can never match each other.
 */
export function checkPromql(expression: string, known: KnownSamples): PromqlCheck {
  const parsed = parseWith(parser, expression);
  if (parsed.fault !== undefined) return { problems: [parsed.fault], labels: undefined };
  const problems = new Set<string>();
  const [first] = childrenOf(parsed.top);
  const read = createReader(parsed, known, (problem) => problems.add(problem));
  const { type, labels } = first ? read(first) : scalar;
  return { problems: [...problems], labels: type === 'vector' ? labels : undefined };
}

function createReader({ textOf }: Parsed, known: KnownSamples, tell: (problem: string) => void) {
  const labelsIn = (node: SyntaxNode | null | undefined): string[] =>
    node ? nodesBelow(node, 'LabelName').map(textOf) : [];

  const expectLabels = (labels: readonly string[], of: Part, where: string): void => {
    for (const label of labels) {
      if (label !== '__name__' && of.labels && !of.labels.has(label))
        tell(`${where} ${label}: no series there has that label`);
    }
  };

  function find(name: string): KnownSample | undefined {
    const sample = known.samples.get(name);
    if (sample) return sample;
    tell(
      known.histograms.has(name)
        ? `${name} is a histogram: ask for ${name}_bucket, ${name}_sum or ${name}_count`
        : `${name}: nothing emits a metric of that name`,
    );
    return undefined;
  }

  function select(node: SyntaxNode): Part {
    const matchers = nodesBelow(node, 'UnquotedLabelMatcher').map((matcher) => {
      const [label, operator, value] = childrenOf(matcher);
      return {
        label: label ? textOf(label) : '',
        operator: operator ? textOf(operator) : '',
        value: value ? unquote(textOf(value)) : '',
      };
    });
    const identifier = node.getChild('Identifier');
    const named = matchers.find(({ label }) => label === '__name__');
    const names = identifier
      ? [textOf(identifier)]
      : /^[\w:|]+$/.test(named?.value ?? '')
        ? (named?.value ?? '').split('|')
        : [];
    const samples = names.map(find).filter((sample) => sample !== undefined);
    const complete = names.length > 0 && samples.length === names.length;
    for (const { label, operator, value } of matchers) {
      if (label === '__name__') continue;
      for (const sample of samples) {
        if (!sample.labels.has(label)) tell(`${sample.name}{${label}}: no series there has that label`);
        const isOtherJob = label === 'job' && operator === '=' && sample.jobs && !sample.jobs.has(value);
        if (isOtherJob) tell(`${sample.name}{job="${value}"}: that job has no such metric`);
      }
    }
    const [sample] = samples;
    return {
      type: 'vector',
      labels: complete ? new Set(samples.flatMap(({ labels }) => [...labels])) : undefined,
      ...(sample && samples.length === 1 ? { sample } : {}),
    };
  }

  function aggregate(node: SyntaxNode): Part {
    const operator = textOf(node.getChild('AggregateOp') ?? node).toLowerCase();
    const [body] = node.getChildren('FunctionCallBody');
    const parts = body ? childrenOf(body).map((child) => ({ child, part: read(child) })) : [];
    const of = parts.at(-1)?.part ?? scalar;
    const modifier = node.getChild('AggregateModifier');
    const grouping = labelsIn(modifier);
    const isWithout = modifier?.getChild('Without') != null;
    expectLabels(grouping, of, isWithout ? 'without' : 'by');
    if (AGGREGATED_WITH_LABELS.has(operator)) return { type: 'vector', labels: of.labels };
    const counted = operator === 'count_values' && parts[0] ? [unquote(textOf(parts[0].child))] : [];
    if (!isWithout) return { type: 'vector', labels: new Set([...grouping, ...counted]) };
    if (!of.labels) return { type: 'vector', labels: undefined };
    const left = [...of.labels].filter((label) => !grouping.includes(label));
    return { type: 'vector', labels: new Set([...left, ...counted]) };
  }

  function replaceLabel(name: string, nodes: readonly SyntaxNode[], of: Part): Part {
    const words = nodes.filter((one) => one.name === 'StringLiteral').map((one) => unquote(textOf(one)));
    const [target = '', second = ''] = words;
    const sources = name === 'label_join' ? words.slice(2) : [words[2] ?? ''];
    // No source at all is how a label is given a constant value.
    expectLabels(
      sources.filter((label) => label !== ''),
      of,
      name,
    );
    const isRemoved = name === 'label_replace' && second === '';
    const labels = of.labels && new Set([...of.labels].filter((label) => label !== target));
    return { type: 'vector', labels: labels && new Set([...labels, ...(isRemoved ? [] : [target])]) };
  }

  function equalityLabels(node: SyntaxNode): ReadonlySet<string> {
    const matchers = nodesBelow(node, 'UnquotedLabelMatcher');
    return new Set(matchers.filter((one) => nodesBelow(one, 'EqlSingle').length > 0).flatMap(labelsIn));
  }

  function call(node: SyntaxNode): Part {
    const name = textOf(node.getChild('FunctionIdentifier') ?? node);
    const body = node.getChild('FunctionCallBody');
    const nodes = body ? childrenOf(body) : [];
    const parts = nodes.map(read);
    const of = parts.find(({ type }) => type === 'vector') ?? scalar;
    if (OF_COUNTERS.has(name) && of.sample?.kind === 'gauge')
      tell(`${name}(${of.sample.name}): it is a gauge`);
    if (name === 'time' || name === 'pi' || name === 'scalar') return scalar;
    if (name === 'vector' || (OF_TIME.test(name) && parts.length === 0))
      return { type: 'vector', labels: none };
    if (name === 'absent' || name === 'absent_over_time')
      return { type: 'vector', labels: equalityLabels(node) };
    if (name === 'label_replace' || name === 'label_join') return replaceLabel(name, nodes, of);
    if (name === 'histogram_quantile') {
      expectLabels(['le'], of, 'histogram_quantile: its argument has no label');
      return { type: 'vector', labels: of.labels && new Set([...of.labels].filter((one) => one !== 'le')) };
    }
    return { type: 'vector', labels: of.labels };
  }

  function matchingOf(node: SyntaxNode): Matching | undefined {
    const clause = node.getChild('MatchingModifierClause');
    if (!clause) return undefined;
    const group = clause.getChild('GroupLeft') ? 'left' : clause.getChild('GroupRight') ? 'right' : undefined;
    const [labels, included] = clause.getChildren('GroupingLabels');
    return {
      by: clause.getChild('On') ? 'on' : 'ignoring',
      labels: labelsIn(labels),
      ...(group ? { group, included: labelsIn(included) } : {}),
    };
  }

  function combine(node: SyntaxNode): Part {
    const children = childrenOf(node);
    const [first] = children;
    const last = children.at(-1);
    const operator =
      children
        .slice(1, -1)
        .map(({ name }) => name)
        .find((name) => !/^(?:Matching|Bool)/.test(name)) ?? '';
    const left = first ? read(first) : scalar;
    const right = last ? read(last) : scalar;
    if (left.type === 'scalar' && right.type === 'scalar') return scalar;
    if (left.type === 'scalar') return { type: 'vector', labels: right.labels };
    if (right.type === 'scalar') return { type: 'vector', labels: left.labels };
    const labels = matchVectors(left.labels, right.labels, operator.toLowerCase(), matchingOf(node), tell);
    return { type: 'vector', labels };
  }

  function read(node: SyntaxNode): Part {
    if (node.name === 'VectorSelector') return select(node);
    if (node.name === 'AggregateExpr') return aggregate(node);
    if (node.name === 'FunctionCall') return call(node);
    if (node.name === 'BinaryExpr') return combine(node);
    if (node.name === 'StringLiteral') return { type: 'string', labels: undefined };
    if (!PASSED.has(node.name)) return scalar;
    const inner = childrenOf(node).map(read);
    return inner.find(({ type }) => type === 'vector') ?? scalar;
  }
  return read;
}
