/** Returns a Markdown table, aligned as the formatter does it: the first column to the left, all others to the right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const texts = [head, ...rows].map((cells) => cells.map(String));
  const widths = head.map((_, at) =>
    Math.max(at === 0 ? 3 : 4, ...texts.map((cells) => cells[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const aligned = texts.map((cells) =>
    line(
      widths.map((width, at) =>
        at === 0 ? (cells[at] ?? '').padEnd(width) : (cells[at] ?? '').padStart(width),
      ),
    ),
  );
  const rule = line(widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)));
  return [aligned[0], rule, ...aligned.slice(1)].join('\n');
}

/** Bytes as kB of 1,000. */
export const kilobytes = (bytes: number) => (bytes / 1_000).toFixed(1);

/** A number with three digits or so. */
export const short = (value: number) => value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
