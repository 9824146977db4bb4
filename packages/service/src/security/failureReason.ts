const MAX_REASONS = 24;
const REASON = /^[a-z][a-z0-9_]{0,39}$/;

/**
 * Makes label values of what apps say a sign-in failed for: `wrong password` becomes `wrong_password`. What does not become
 * one, and what is more than 24 different ones, is `other`, so that no reason with an id in it makes a series for each.
 */
export function createFailureReasons(): (reason: string | undefined) => string {
  const known = new Set<string>();
  return (reason = 'unspecified') => {
    const label = reason
      .slice(0, 64)
      .trim()
      .toLowerCase()
      .replace(/[\s.-]+/g, '_');
    if (known.has(label)) return label;
    if (!REASON.test(label) || known.size >= MAX_REASONS) return 'other';
    known.add(label);
    return label;
  };
}
