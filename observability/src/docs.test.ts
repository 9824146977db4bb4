import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readAccess } from '@artel/telemetry-ops';
import { describe, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const documents = ['architecture', 'access', 'code-map', 'disaster-recovery', 'operations'].map(
  (name) => `docs/${name}.md`,
);
const workspacesIn = (group: string): string[] =>
  readdirSync(join(repository, group))
    .map((name) => `${group}/${name}`)
    .filter((folder) => existsSync(join(repository, folder, 'package.json')));
const packages = workspacesIn('packages');
/** The workspaces whose README ends with a map of their source. */
const mapped = [...packages, 'test-support'].filter((folder) =>
  existsSync(join(repository, folder, 'README.md')),
);
const readmes = mapped.map((folder) => `${folder}/README.md`);

/** The anchors of a document's headings, as GitHub makes them. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** A text without its code. */
const proseOf = (text: string): string => text.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, '');

/** The targets of the links by label, as lines such as `[label]: target` define them. */
const definitionsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(/^\[([^\]]+)\]: (\S+)$/gm)].map(([, label = '', target = '']) => [label, target]),
  );

/** The labels of the links written as `[label]` or `[text][label]`. */
const labelsIn = (text: string): string[] =>
  [...text.matchAll(/\[([^\]]+)\](?:\[([^\]]+)\])?(?![(:])/g)].map(([, words = '', label = words]) => label);

describe.each(['README.md', 'CONTRIBUTING.md', ...documents, ...readmes])('%s', (path) => {
  const text = read(path);

  it('links to what is there', () => {
    const inline = [...proseOf(text).matchAll(/\]\(([^)]*)\)/g)].map(([, target = '']) => target);
    const broken = [...inline, ...definitionsOf(text).values()].filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [target = '', anchor] = link.split('#');
      const file = target === '' ? join(repository, path) : resolve(dirname(join(repository, path)), target);
      if (!existsSync(file)) return true;
      // A folder is shown with its README.
      const document = file.endsWith('.md') ? file : join(file, 'README.md');
      return anchor !== undefined && !anchors(readFileSync(document, 'utf8')).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('gives commands and files that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = [...text.matchAll(/npm run (?:--silent )?([\w-]+)/g)].map(([, name = '']) => name);
    expect(commands.filter((name) => scripts[name] === undefined)).toEqual([]);
    // From the repository's root; those of links are checked with them.
    const files = [
      ...text.matchAll(
        /(?<![\w@./-])(?:apps|benchmarks|deploy|observability|packages|scripts|test-support)\/[\w./-]*\w/g,
      ),
    ].map(([file]) => file);
    // The secrets are made.
    const missing = files.filter(
      (file) => !file.startsWith('observability/secrets') && !existsSync(join(repository, file)),
    );
    expect(missing).toEqual([]);
  });
});

describe.each(documents)('%s', (path) => {
  const text = read(path);

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

describe('docs/code-map.md', () => {
  const text = read('docs/code-map.md');
  const definitions = definitionsOf(text);

  it('links each file that it names, and names each file that it links', () => {
    const labels = new Set(labelsIn(proseOf(text)));
    expect([...labels].filter((label) => !definitions.has(label))).toEqual([]);
    expect([...definitions.keys()].filter((label) => !labels.has(label))).toEqual([]);
    // A file that is renamed takes its new name on the page, too.
    const withoutSrc = (path: string): string => path.replace('/src/', '/');
    const renamed = [...definitions].filter(
      ([label, target]) => label !== 'docs' && !withoutSrc(target).endsWith(`/${withoutSrc(label)}`),
    );
    expect(renamed).toEqual([]);
  });

  it('has a row for each workspace', () => {
    const rows = text.split('\n').map((line) => line.split('|')[1]?.trim());
    for (const folder of [...packages, ...workspacesIn('apps')]) expect(rows).toContain(`[${folder}]`);
  });
});

describe.each(mapped)('the map of %s', (folder) => {
  const [, map = ''] = read(`${folder}/README.md`).split(/^## Map$/m);
  const lines = map.split('\n').filter((line) => line.startsWith('- '));

  it('is the end of the README, and short enough to read at a glance', () => {
    expect(map).not.toMatch(/^#/m);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.length).toBeLessThanOrEqual(10);
  });

  it('names files that there are', () => {
    const src = join(repository, folder, 'src');
    const isThere = (path: string): boolean => {
      if (!path.includes('*')) return existsSync(join(src, path));
      const pattern = new RegExp(`^${basename(path).replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
      return readdirSync(join(src, dirname(path))).some((name) => pattern.test(name));
    };
    for (const line of lines) {
      const paths = [...(line.split(' — ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
      expect(paths.length, line).toBeGreaterThan(0);
      expect(paths.filter((path) => !isThere(path))).toEqual([]);
    }
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
