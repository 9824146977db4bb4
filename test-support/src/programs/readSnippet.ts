import { readFileSync } from 'node:fs';

function firstBlock(text: string): string | undefined {
  return /```\w*\n([\s\S]*?)```/.exec(text)?.[1];
}

/** The code block of a Markdown file that stands below the comment `<!-- name -->`. */
export function readSnippet(file: string, name: string): string {
  const text = readFileSync(file, 'utf8');
  const marker = `<!-- ${name} -->`;
  const start = text.indexOf(marker);
  const code = start < 0 ? undefined : firstBlock(text.slice(start));
  if (code === undefined) throw new Error(`${file} has no code block below ${marker}`);
  return code;
}

/** The first code block of a Markdown file, or the first whose language is `language`. */
export function readExample(file: string, language = ''): string {
  const text = readFileSync(file, 'utf8');
  const code = firstBlock(text.slice(Math.max(0, text.indexOf(`\`\`\`${language}`))));
  if (code === undefined) throw new Error(`${file} has no ${language} code block`);
  return code;
}
