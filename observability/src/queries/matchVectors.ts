/** How a binary operator is told which series of its sides belong together. */
export interface Matching {
  readonly by: 'on' | 'ignoring';
  readonly labels: readonly string[];
  /** The side of which several series may belong to one of the other, and the labels taken over from that other. */
  readonly group?: 'left' | 'right';
  readonly included?: readonly string[];
}

type Labels = ReadonlySet<string> | undefined;

const without = (labels: ReadonlySet<string>, gone: readonly string[]): string[] =>
  [...labels].filter((label) => !gone.includes(label));

/** Series of two sides match where all labels that count are equal; a label that one side never has breaks that. */
function tellApart(
  left: readonly string[],
  right: readonly string[],
  operator: string,
  tell: (problem: string) => void,
) {
  const onlyLeft = left.filter((label) => !right.includes(label));
  const onlyRight = right.filter((label) => !left.includes(label));
  const sides = [
    ...(onlyLeft.length > 0 ? [`only the left has ${onlyLeft.join(', ')}`] : []),
    ...(onlyRight.length > 0 ? [`only the right has ${onlyRight.join(', ')}`] : []),
  ];
  if (sides.length > 0) tell(`the sides of ${operator} never match: ${sides.join('; ')}`);
}

/**
 * The labels that `left operator right` can have, https://prometheus.io/docs/prometheus/latest/querying/operators/#vector-matching,
 * of two sides whose labels are known or, being `undefined`, may be any. Tells of labels that the sides do not have.
 */
export function matchVectors(
  left: Labels,
  right: Labels,
  operator: string,
  matching: Matching | undefined,
  tell: (problem: string) => void,
): Labels {
  const named = matching?.labels ?? [];
  if (matching?.by === 'on') {
    for (const label of named) {
      if (left && !left.has(label)) tell(`on ${label}: the left of ${operator} does not have that label`);
      if (right && !right.has(label)) tell(`on ${label}: the right of ${operator} does not have that label`);
    }
  } else if (left && right && operator !== 'or') {
    tellApart(without(left, named), without(right, named), operator, tell);
  }

  if (operator === 'or') return left && right && new Set([...left, ...right]);
  if (operator === 'and' || operator === 'unless') return left;

  const many = matching?.group === 'right' ? right : left;
  const one = matching?.group === 'right' ? left : right;
  if (matching?.group) {
    const included = matching.included ?? [];
    for (const label of included) {
      if (one && !one.has(label))
        tell(`group_${matching.group} ${label}: the other side does not have that label`);
    }
    return many && new Set([...many, ...included]);
  }
  if (matching?.by === 'on') return new Set(named);
  return many && new Set(without(many, named));
}
