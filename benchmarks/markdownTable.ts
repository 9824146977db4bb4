/** A Markdown table; the first column reads left, all others right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}

/** Bytes as kB of 1,000. */
export const kilobytes = (bytes: number) => (bytes / 1_000).toFixed(1);

/** A number at a precision that its size deserves. */
export const short = (value: number) => value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
