import { readFileSync } from 'node:fs';

/** What a runbook says, by its parts. */
export interface Runbook {
  readonly title: string;
  /** Text by the heading that it stands under. */
  readonly sections: ReadonlyMap<string, string>;
  /** Expressions of its `promql` blocks, of which an empty line separates several. */
  readonly queries: readonly string[];
}

/** Where runbooks stand, one for each alert, under the alert's name. */
export const runbookFolder = new URL('../../../docs/runbooks/', import.meta.url);

/** Reads the runbook of an alert. Throws as `readFileSync` where there is none. */
export function readRunbook(alert: string): Runbook {
  const text = readFileSync(new URL(`${alert}.md`, runbookFolder), 'utf8');
  const [head = '', ...parts] = text.split(/^## /m);
  const sections = new Map(
    parts.map((part) => {
      const [heading = '', ...lines] = part.split('\n');
      return [heading.trim(), lines.join('\n').trim()] as const;
    }),
  );
  const blocks = [...text.matchAll(/^ *```promql\n([\s\S]*?)^ *```$/gm)].map(([, block = '']) => block);
  return {
    title: /^# (.+)$/m.exec(head)?.[1] ?? '',
    sections,
    queries: blocks.flatMap((block) => block.split(/\n\s*\n/)).filter((query) => query.trim() !== ''),
  };
}
