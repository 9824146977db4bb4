/**
 * Tells the transactions that nobody looks at: health checks, scrapes and static files, with or without a method before
 * the path (section 6 of the seed).
 */
export function isNoise(transaction: string | undefined): boolean {
  const path = (transaction ?? '').replace(/^[A-Z]+ /, '').replace(/[?#].*$/s, '');
  return /(?:^|\/)(?:health(?:\/live|\/ready)?|metrics)$/.test(path) || path.startsWith('/static/');
}
