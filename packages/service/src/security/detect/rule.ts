/** The kinds of attack that are told apart. */
export type AttackKind = 'sql_injection' | 'xss' | 'path_traversal' | 'command_injection' | 'data_probe';

/** One sign of an attack: `score` says how strong it is, where 5 is enough by itself. */
export interface Rule {
  readonly name: string;
  readonly score: number;
  /**
   * Each of its quantifiers has a bound (`{0,64}`), so that it is linear in the text. Whitespace is one space by the time that it is
   * tried.
   */
  readonly pattern: RegExp;
}

/** A rule that held. */
export interface Signal {
  readonly name: string;
  readonly score: number;
}

export function matching(rules: readonly Rule[], text: string): Signal[] {
  return rules.filter(({ pattern }) => pattern.test(text)).map(({ name, score }) => ({ name, score }));
}
