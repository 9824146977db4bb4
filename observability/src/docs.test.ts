import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readAccess } from '../../packages/ops/src/access/readAccess';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const documents = ['architecture', 'access', 'disaster-recovery', 'operations'].map(
  (name) => `docs/${name}.md`,
);

/** The anchors of a document's headings, as GitHub makes them. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(documents)('%s', (path) => {
  const text = read(path);

  it('links to what is there', () => {
    const broken = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].filter(
      ([, target = '', anchor]) => {
        const file =
          target === '' ? join(repository, path) : resolve(dirname(join(repository, path)), target);
        if (!existsSync(file)) return true;
        // A folder is shown with its README.
        const document = file.endsWith('.md') ? file : join(file, 'README.md');
        return anchor !== undefined && !anchors(readFileSync(document, 'utf8')).includes(anchor);
      },
    );
    expect(broken.map(([whole]) => whole)).toEqual([]);
  });

  it('gives commands and files that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = [...text.matchAll(/npm run (?:--silent )?([\w-]+)/g)].map(([, name = '']) => name);
    expect(commands.filter((name) => scripts[name] === undefined)).toEqual([]);
    const files = [...text.matchAll(/\b(?:observability|deploy)\/[\w./-]*\w/g)].map(([file]) => file);
    // The secrets are made.
    const missing = files.filter(
      (file) => !file.startsWith('observability/secrets') && !existsSync(join(repository, file)),
    );
    expect(missing).toEqual([]);
  });

  it('names alerts that there are', () => {
    const rules = readdirSync(join(repository, 'observability/prometheus/rules'))
      .map((name) => read(`observability/prometheus/rules/${name}`))
      .join('\n');
    const named = [...text.matchAll(/`([A-Z][a-z]+(?:[A-Z][a-z]+)+|Watchdog)`/g)].map(
      ([, name = '']) => name,
    );
    expect(named.filter((name) => name !== 'SameSite' && !rules.includes(`alert: ${name}\n`))).toEqual([]);
  });
});

it('docs/access.md shows the folders as they are given', () => {
  const { teams, folders } = readAccess(join(repository, 'observability/grafana/access.yaml'));
  const rows = read('docs/access.md')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const [head = []] = rows.filter((cells) => cells[1] === 'folder');
  expect([...head.slice(3, -1)].sort()).toEqual(['everyone', ...Object.keys(teams)].sort());
  const strongest = (...levels: (string | undefined)[]) =>
    ['edit', 'view'].find((level) => levels.includes(level)) ?? '—';
  for (const [folder, grants] of Object.entries(folders)) {
    const [row = []] = rows.filter((cells) => cells[1] === folder);
    const shown = head.slice(3, -1).map((team, at) => [team, row[at + 3]]);
    const given = head.slice(3, -1).map((team) => [team, strongest(grants[team], grants['everyone'])]);
    expect([folder, shown]).toEqual([folder, given]);
  }
});
