/** One matcher of a stream or series selector. */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** Reads `{a="b", c!~"d|e"}`, all of the text. Throws where it is none. */
export function readSelector(text: string): readonly Matcher[] {
  const inside = /^\{(.*)\}$/s.exec(text)?.[1];
  const matchers: Matcher[] = [];
  let rest = inside ?? 'none';
  while (rest !== '') {
    const found = /^([a-zA-Z_]\w*)(=~|!~|!=|=)("(?:[^"\\]|\\.)*")(?:, ?(?=.)|$)/.exec(rest);
    if (!found) throw new Error(`parse error at ${rest}`);
    const [whole, label = '', operator = '=', quoted = '""'] = found;
    const value: unknown = JSON.parse(quoted);
    if (operator === '=' || operator === '!=' || operator === '=~' || operator === '!~')
      matchers.push({ label, operator, value: String(value) });
    rest = rest.slice(whole.length);
  }
  return matchers;
}

const accepts = ({ operator, value }: Matcher, found: string): boolean => {
  if (operator === '=') return found === value;
  if (operator === '!=') return found !== value;
  const isMatch = new RegExp(`^(?:${value})$`, 's').test(found);
  return operator === '=~' ? isMatch : !isMatch;
};

/** A label that is not there is empty, to Loki and to Prometheus. */
export function selects(matchers: readonly Matcher[], labels: Readonly<Record<string, string>>): boolean {
  return matchers.every((matcher) => accepts(matcher, labels[matcher.label] ?? ''));
}

/** Loki and Prometheus want one matcher at least that does not match the empty value. */
export function demandsSomething(matchers: readonly Matcher[]): boolean {
  return matchers.some((matcher) => !accepts(matcher, ''));
}
