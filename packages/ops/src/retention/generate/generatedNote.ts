/** The first lines of a generated file. */
export function generatedNote(what: string): string {
  return [
    `# ${what}`,
    '# Generated from retention/retention-policies.yml by `npm run retention -- generate`: change it there.',
    '',
  ].join('\n');
}
