import { readFileSync } from 'node:fs';

/** The code block of a Markdown file that stands below the comment `<!-- name -->`. */
export function readSnippet(file: string, name: string): string {
  const text = readFileSync(file, 'utf8');
  const marker = `<!-- ${name} -->`;
  const start = text.indexOf(marker);
  const [, code] = start < 0 ? [] : (/```\w*\n([\s\S]*?)```/.exec(text.slice(start)) ?? []);
  if (code === undefined) throw new Error(`${file} has no code block below ${marker}`);
  return code;
}
