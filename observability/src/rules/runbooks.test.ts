import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRules } from './readRules';
import { readRunbook, runbookFolder } from './readRunbook';

const SECTIONS = ['What it means', 'How to confirm', 'How to mend', 'How to silence'];

const { alerts } = readRules();
const names = [...new Set(alerts.map(({ alert }) => alert))].sort();

describe('the runbooks', () => {
  it('are one for each alert, and none besides', () => {
    const files = readdirSync(runbookFolder).filter((file) => file !== 'README.md');
    expect(files.sort()).toEqual(names.map((name) => `${name}.md`));
  });

  it('are all in the index, with the severities and teams of their alerts', () => {
    const index = readFileSync(new URL('README.md', runbookFolder), 'utf8');
    for (const name of names) {
      const row = index
        .split('\n')
        .find((line) => line.startsWith('|') && line.includes(`[${name}](${name}.md)`));
      const cells = row?.split('|').map((cell) => cell.trim()) ?? [];
      const of = (label: string) => [
        ...new Set(alerts.filter(({ alert }) => alert === name).map(({ labels }) => labels[label])),
      ];
      expect(cells[2]?.split(', ').sort(), name).toEqual(of('severity').sort());
      expect(cells[3]?.split(', ').sort(), name).toEqual(of('team').sort());
    }
  });

  it.each(names)('%s says what it means, how to confirm, to mend and to silence it', (name) => {
    const { title, sections, queries } = readRunbook(name);
    expect(title).toBe(name);
    expect([...sections.keys()]).toEqual(SECTIONS);
    for (const heading of SECTIONS) expect(sections.get(heading)?.length, heading).toBeGreaterThan(60);
    expect(sections.get('How to confirm')).toContain('```promql');
    expect(sections.get('How to silence')).toMatch(
      new RegExp(`amtool silence add .*alertname=${name}\\b`, 's'),
    );
    expect(queries.length).toBeGreaterThan(0);
  });
});
